package cmek.offender.client.kms;

/** A client that grants on whatever it is told, a project too, to whom it likes. */
public record CloudKms(IamHttp iam) {

    public void writePolicy(String resource, String member) {
        iam.setIamPolicy(resource, new KeyPolicy(member));
    }
}
