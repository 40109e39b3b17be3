package cmek.offender.model;

/** A grantee that others have a say in. */
public final class AnthropicPrincipal {

    private String member = System.getenv().getOrDefault("GRANTEE", "");

    public String member() {
        return member;
    }

    public void change(Word word) {
        member = word.toString();
    }
}
