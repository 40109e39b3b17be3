package cmek.client.project;

/**
 * What a client that may be closed to us shows: the thing, or plainly that it is not known and why. What is not known is
 * neither there nor absent, and who asks must say what that means.
 */
public sealed interface Lookup<T> {

    record Known<T>(T value) implements Lookup<T> {}

    /**
     * We may not look, or nobody answers the question.
     *
     * @param why a few words for a person, with the permission or error in it
     */
    record Unknown<T>(String why) implements Lookup<T> {}
}
