package cmek.check;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Workspace;
import cmek.client.project.Lookup;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.RequestFindings;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.OnboardingRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks which registrations of a key Anthropic has, and which of them a workspace can use. */
@Singleton
public final class RegistrationLookup {

    private static final Comparator<ExternalKey> ATTACHED_THEN_OLDEST = Comparator.comparing(
                    (ExternalKey registration) -> !registration.attached())
            .thenComparing(ExternalKey::createdAt)
            .thenComparing(registration -> registration.id().value());

    private final AdminApi anthropic;
    private final KeyNames names;

    @Inject
    public RegistrationLookup(AdminApi anthropic, KeyNames names) {
        this.anthropic = anthropic;
        this.names = names;
    }

    /**
     * A key's registrations.
     *
     * @param all attached ones first, then the oldest
     * @param unknown of registrations that may be of this key, and nobody can say
     * @param workspace that is to get one; empty where none is, or where none of them is bound to a user profile
     */
    public record Registrations(
            CryptoKeyName key, List<ExternalKey> all, List<Finding> unknown, Optional<Workspace> workspace) {

        public Registrations {
            all = List.copyOf(all);
            unknown = List.copyOf(unknown);
        }

        /** The same, of which this workspace is to get one. */
        Registrations of(Workspace user) {
            return new Registrations(key, all, unknown, Optional.of(user));
        }

        /** The one to use: of those that fit the workspace the attached one, else the oldest. */
        public Optional<ExternalKey> kept() {
            return all.stream().filter(this::fits).findFirst();
        }

        private boolean fits(ExternalKey registration) {
            return workspace.isEmpty() || workspace.get().userProfileId().equals(registration.userProfileId());
        }

        /** Why the workspace cannot get the key, whatever else is done: nothing fits, and nothing that we make would. */
        public Optional<Finding> mismatch() {
            return workspace
                    .filter(user -> kept().isEmpty())
                    .filter(user -> !all.isEmpty() || user.userProfileId().isPresent())
                    .map(user -> AnthropicFindings.userProfileMismatch(
                            key,
                            user.id(),
                            user.userProfileId(),
                            all.stream()
                                    .map(registration -> registration.id()
                                            + registration
                                                    .userProfileId()
                                                    .map(profile -> " with user profile " + profile)
                                                    .orElse(" without a user profile"))
                                    .toList()));
        }

        /** What a person should know of them. */
        public List<Finding> warnings() {
            List<Finding> warnings = new ArrayList<>(unknown);
            kept().ifPresent(used -> {
                // One that a workspace refers to is used as well, by that workspace.
                List<ExternalKeyId> unused = idsOfOthers(used, Predicate.not(ExternalKey::attached));
                if (!unused.isEmpty()) {
                    warnings.add(AnthropicFindings.duplicateRegistration(
                            key, used.id(), idsOfOthers(used, ExternalKey::attached), unused));
                }
                elsewhere(used).ifPresent(finding -> warnings.add(finding.as(Severity.PROBLEM)));
            });
            return warnings;
        }

        private List<ExternalKeyId> idsOfOthers(ExternalKey used, Predicate<ExternalKey> which) {
            return all.stream()
                    .filter(which)
                    .map(ExternalKey::id)
                    .filter(id -> !id.equals(used.id()))
                    .toList();
        }
    }

    /** Reads them all, every page. */
    public Registrations inspect(CryptoKeyName key) {
        List<ExternalKey> all = new ArrayList<>();
        List<Finding> unknown = new ArrayList<>();
        for (ExternalKey registration : anthropic.externalKeys()) {
            if (registration.key().equals(Optional.of(key))) {
                all.add(registration);
            } else if (KeyNames.mayBe(key, registration)) {
                Lookup<CryptoKeyName> found = names.keyOf(registration);
                if (found instanceof Lookup.Unknown<CryptoKeyName> not) {
                    unknown.add(AnthropicFindings.registrationNotCanonical(
                            registration.id(), registration.keyName(), not.why()));
                } else if (found.equals(new Lookup.Known<>(key))) {
                    all.add(registration.of(key));
                }
            }
        }
        all.sort(ATTACHED_THEN_OLDEST);
        return new Registrations(key, all, unknown, Optional.empty());
    }

    /** The same for a request, whose workspace is read only where one of them is bound to a user profile. */
    public Registrations inspect(OnboardingRequest request) {
        Registrations found = inspect(request.key());
        return found.all().stream().noneMatch(one -> one.userProfileId().isPresent())
                ? found
                : request.workspaceId()
                        .flatMap(anthropic::workspace)
                        .map(found::of)
                        .orElse(found);
    }

    /**
     * The registration of a workspace that gets it, permanently. What an event says is only a hint, which is believed where
     * Anthropic says that it is this key's.
     *
     * @param named what Anthropic has by the id that the event names
     * @throws PermanentException when none fits the workspace
     * @throws TransientException when Anthropic does not show the registration yet, or no longer
     */
    public ExternalKey registration(
            CryptoKeyName key, Workspace workspace, ExternalKeyId hint, Optional<ExternalKey> named) {
        ExternalKey chosen = named.flatMap(
                        found -> alone(key, found).of(workspace).kept())
                .orElseGet(() -> chosen(inspect(key).of(workspace), hint));
        elsewhere(chosen).ifPresent(finding -> {
            throw new PermanentException(finding);
        });
        return chosen;
    }

    /** That Anthropic keeps a registration where it keeps none of this product's; empty where it does not. */
    static Optional<Finding> elsewhere(ExternalKey registration) {
        return registration
                .geo()
                .filter(any -> registration.isElsewhere())
                .map(geo -> AnthropicFindings.registeredElsewhere(registration.id(), geo, ExternalKey.GEO));
    }

    /**
     * The registration that a later step may use. What its event says is only a hint: Anthropic says which registrations
     * the key has, and a hint that names another key's registration did not come from us.
     *
     * @throws PermanentException when the event names a registration of another key, or none fits the workspace
     * @throws TransientException when Anthropic does not show the registration yet, or no longer
     */
    public ExternalKey chosen(Registrations registrations, ExternalKeyId hint) {
        if (registrations.kept().isPresent()) {
            return registrations.kept().get();
        }
        CryptoKeyName key = registrations.key();
        if (registrations.all().isEmpty()) {
            // Anthropic's lists may lag behind what it knows by name.
            ExternalKey named = anthropic
                    .externalKey(hint)
                    .orElseThrow(() -> new TransientException(
                            Reason.ANTHROPIC_UNAVAILABLE, "Anthropic shows no registration of " + key, null));
            Registrations alone = alone(key, named);
            if (alone.all().isEmpty()) {
                throw new PermanentException(RequestFindings.unreadable("it names a registration of another key"));
            }
            Registrations fitting = registrations.workspace().map(alone::of).orElse(alone);
            return fitting.kept()
                    .orElseThrow(() -> new PermanentException(fitting.mismatch().orElseThrow()));
        }
        throw new PermanentException(registrations.mismatch().orElseThrow());
    }

    /** This registration of a key and no other; none where it is another key's. */
    private Registrations alone(CryptoKeyName key, ExternalKey named) {
        boolean own = names.keyOf(named).equals(new Lookup.Known<>(key));
        return new Registrations(key, own ? List.of(named) : List.of(), List.of(), Optional.empty());
    }
}
