package cmek.client.project;

/**
 * Service Usage, as far as this product uses it.
 *
 * @see <a href="https://cloud.google.com/service-usage/docs/reference/rest/v1/services/get">services.get</a>
 */
public interface ServiceUsageClient {

    /**
     * Asks whether the Cloud KMS API is enabled in a project.
     *
     * @throws cmek.finding.TransientException on timeout, overload and 5xx
     */
    State cloudKms(String project);

    /** Whether an API can be used. */
    enum State {
        ENABLED,
        DISABLED,
        /** We are not permitted to read it. The calls that need the API will show it. */
        UNKNOWN
    }
}
