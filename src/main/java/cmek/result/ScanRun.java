package cmek.result;

import cmek.finding.Reason;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A scan in figures.
 *
 * @param expected how many keys
 * @param seen how many of them were checked
 * @param counts by status; empty at the beginning
 * @param reasons of the worst finding of each key
 * @param changes since the scan before, only at the end
 * @param week the same since the scan of a week ago, where there was one
 * @param skipped registrations of keys that are not in Cloud KMS
 * @param keys at the beginning the expected registrations, at the end one row a key, the worst first; not in the log
 * @param leftOut of each list of this message that is not complete, how many entries it lacks
 * @param report the folder in the evidence bucket, only at the end
 */
@RegisterForReflection
public record ScanRun(
        String id,
        int expected,
        int seen,
        Map<Status, Integer> counts,
        Map<Reason, Integer> reasons,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Changes> changes,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Changes> week,
        List<ExternalKeyId> skipped,
        List<Row> keys,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Integer> leftOut,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> report) {

    public ScanRun {
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
        reasons = Collections.unmodifiableMap(new LinkedHashMap<>(reasons));
        skipped = List.copyOf(skipped);
        keys = List.copyOf(keys);
        leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
    }

    /** One key of a scan in a line; its status and the reason of its worst finding are only known at the end. */
    @RegisterForReflection
    public record Row(
            ExternalKeyId externalKeyId,
            CryptoKeyName key,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Status> status,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Reason> reason) {}

    /**
     * What is different from an earlier scan.
     *
     * @param since the earlier run; empty when this is the first
     * @param newlyUnhealthy were not unhealthy then
     * @param worsened were unhealthy then, and are now for another reason as well
     * @param stillUnhealthy were unhealthy then for the same reasons, or for more
     * @param recovered were unhealthy or unreachable then and are not now
     * @param added were not registered then
     * @param gone are no longer registered
     */
    @RegisterForReflection
    public record Changes(
            Optional<String> since,
            List<ExternalKeyId> newlyUnhealthy,
            List<ExternalKeyId> worsened,
            List<ExternalKeyId> stillUnhealthy,
            List<ExternalKeyId> recovered,
            List<ExternalKeyId> added,
            List<ExternalKeyId> gone) {

        public Changes {
            newlyUnhealthy = List.copyOf(newlyUnhealthy);
            worsened = List.copyOf(worsened);
            stillUnhealthy = List.copyOf(stillUnhealthy);
            recovered = List.copyOf(recovered);
            added = List.copyOf(added);
            gone = List.copyOf(gone);
        }
    }

    /** The same without rows and ids. */
    ScanRun inFigures() {
        return new ScanRun(
                id,
                expected,
                seen,
                counts,
                reasons,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                leftOut,
                report);
    }
}
