package cmek.client.project;

/**
 * The result of a read that we may not be permitted to make: the value, or that it is not known and why. What is not
 * known is neither present nor absent, and the caller must decide what that means.
 */
public sealed interface Lookup<T> {

    record Known<T>(T value) implements Lookup<T> {}

    /**
     * We are not permitted to read it, or there is no answer.
     *
     * @param why a few words for a person, with the permission or error in it
     */
    record Unknown<T>(String why) implements Lookup<T> {}
}
