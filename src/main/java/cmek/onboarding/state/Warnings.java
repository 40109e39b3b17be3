package cmek.onboarding.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.model.CryptoKeyName;
import cmek.model.Json;
import cmek.model.Sha256;
import cmek.model.Versioned;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OnboardingEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What a person should know of an onboarding, kept from step to step where nobody can put words into our mouth: an event only
 * names them.
 *
 * <pre>
 * onboardings/DEDUPLICATION_KEY/warnings/DIGEST.json    written once
 * </pre>
 */
@Singleton
public final class Warnings {

    private static final Logger LOG = Logger.getLogger(Warnings.class);

    private final EvidenceStorage storage;

    @Inject
    public Warnings(EvidenceStorage storage) {
        this.storage = storage;
    }

    /**
     * What is kept.
     *
     * @param key that they are about
     */
    @RegisterForReflection
    public record Kept(CryptoKeyName key, List<Finding> warnings) implements Versioned {

        public Kept {
            warnings = List.copyOf(warnings);
        }
    }

    /** Keeps the warnings of an onboarding; returns their digest, empty where there is nothing to keep or nowhere to. */
    public Optional<String> keep(Onboarding onboarding) {
        if (!storage.isConfigured() || onboarding.warnings().isEmpty()) {
            return Optional.empty();
        }
        String json = Json.written(new Kept(onboarding.key(), onboarding.warnings()));
        String digest = Sha256.of(json);
        try {
            storage.create(name(onboarding.deduplicationKey(), digest), MediaKind.JSON, json);
            return Optional.of(digest);
        } catch (PermanentException e) {
            // A bucket that cannot be written keeps nobody from their key; each step's result has its own warnings.
            LOG.warnf(
                    "the warnings of %s are not kept: %s",
                    onboarding.key(), e.finding().message());
            return Optional.empty();
        }
    }

    /** The onboarding of an event, with the warnings that were kept of it. */
    public Onboarding onboarding(OnboardingEvent event) {
        return event.onboarding(event.warningsDigest()
                .filter(digest -> storage.isConfigured())
                .map(digest -> read(event, digest))
                .orElse(List.of()));
    }

    private List<Finding> read(OnboardingEvent event, String digest) {
        try {
            return storage.read(name(event.deduplicationKey(), digest))
                    // What lies there under another name was not put there by us.
                    .filter(stored -> Sha256.of(stored.text()).equals(digest))
                    .flatMap(stored -> kept(stored.text()))
                    .filter(kept -> kept.key().equals(event.request().key()))
                    .map(Kept::warnings)
                    .orElse(List.of());
        } catch (PermanentException e) {
            LOG.warnf(
                    "the warnings of %s cannot be read: %s",
                    event.request().key(), e.finding().message());
            return List.of();
        }
    }

    private static Optional<Kept> kept(String json) {
        try {
            return Optional.of(Json.read(json.getBytes(UTF_8), Kept.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String name(String deduplicationKey, String digest) {
        return "onboardings/" + deduplicationKey + "/warnings/" + digest + ".json";
    }
}
