package cmek.config;

import java.util.Optional;

/**
 * What is known of Anthropic's organization at Google.
 *
 * @param anthropicCustomerId the customer id that lists of domain restricted sharing name, {@code C0…} without
 *     {@code is:}; Anthropic does not publish it
 */
public record SharingSettings(Optional<String> anthropicCustomerId) {}
