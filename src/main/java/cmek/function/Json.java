package cmek.function;

import cmek.onboarding.Approval;
import cmek.onboarding.ApprovalWanted;
import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Finding;
import cmek.onboarding.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OnboardingRequest;
import cmek.onboarding.ProtectionLevel;
import cmek.onboarding.Reason;
import cmek.onboarding.Result;
import cmek.onboarding.Status;
import cmek.onboarding.StepOutcome;
import cmek.onboarding.StepReport;
import cmek.onboarding.WorkspaceId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;

/**
 * How our own words are written as JSON, and read again from the event of the step before. Every word within a word is named
 * here, for a native executable knows by reflection only what it was told of.
 */
@RegisterForReflection(
        targets = {
            Approval.class,
            ApprovalWanted.class,
            Approvals.Asked.class,
            CryptoKeyName.class,
            Ending.class,
            ExternalKeyId.class,
            Finding.class,
            Mode.class,
            Onboarding.class,
            OnboardingRequest.class,
            ProtectionLevel.class,
            Reason.class,
            Result.class,
            Status.class,
            StepOutcome.class,
            StepReport.class,
            WorkspaceId.class
        })
final class Json {

    /** Times and durations as ISO 8601; a field that we did not write ourselves, or wrote once, is a fault. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private Json() {}

    static String written(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /**
     * Reads the event of the step before.
     *
     * @throws IOException when these bytes are no such event
     */
    static Onboarding onboarding(byte[] bytes) throws IOException {
        Onboarding onboarding = MAPPER.readValue(bytes, Onboarding.class);
        if (onboarding == null) {
            throw new IOException("null is no event");
        }
        return onboarding;
    }
}
