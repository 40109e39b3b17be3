package cmek.client.anthropic;

import cmek.finding.Finding;

/** Anthropic's answer to an attach. */
public sealed interface Attachment {

    /** Anthropic attached the key. */
    record Attached(Workspace workspace) implements Attachment {}

    /** {@code error.details.error_code} is {@code external_key_validation_failed}: nothing was attached. */
    record ValidationFailed(String anthropicText) implements Attachment {}

    /** 409 {@code external_key_changed} or another conflict: nothing was attached; read again, then decide. */
    record Changed() implements Attachment {}

    /** Anthropic will not attach it whenever it is asked. */
    record Refused(Finding finding) implements Attachment {}
}
