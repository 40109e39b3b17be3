package cmek.finding;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Who must act, because nobody else can. */
@RegisterForReflection
public enum Actor {
    /** Whoever published the request. */
    REQUESTER,
    /** Whoever manages the key and its project. */
    KEY_OWNER,
    /** Whoever runs this service. */
    OPERATOR,
    /** Whoever manages the organization at Google Cloud: its policies, perimeters and folders. */
    ORGANIZATION_ADMIN,
    /** Whoever manages the organization in Anthropic's Console. */
    ANTHROPIC_ADMIN,
    NOBODY
}
