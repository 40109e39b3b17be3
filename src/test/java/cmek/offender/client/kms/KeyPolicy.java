package cmek.offender.client.kms;

/** A policy whose caller says who shall have what. */
public record KeyPolicy(String members) {

    public KeyPolicy withGrant(String member) {
        return new KeyPolicy(members + member);
    }
}
