package cmek.offender.client.kms;

/** The call that writes a policy, on whatever it is told. */
public interface IamHttp {

    void setIamPolicy(String resource, KeyPolicy policy);
}
