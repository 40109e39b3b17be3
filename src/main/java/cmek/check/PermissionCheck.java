package cmek.check;

import cmek.client.http.SideBySide;
import cmek.client.kms.KeyManagement;
import cmek.client.project.Lookup;
import cmek.client.project.ResourceManagerClient;
import cmek.finding.PermanentException;
import cmek.finding.ProjectFindings;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.Mode;
import cmek.model.OrganizationId;
import cmek.model.OrganizationLabel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Looks whether our own account can make what is missing of a key, before it makes the first half of it.
 *
 * <p>Each resource is asked for its own permissions, in a call of its own. What a key will need that is not there yet is
 * asked of the nearest resource above it, whose grants it will inherit; an API may refuse that question (400), as it may any
 * other, and what is not answered is unknown.
 *
 * <p>Google tells of the caller alone. Where each function has an account of its own, the one that looks is not the one
 * that writes: an account that holds none of the writing permissions is taken for that, and nothing is concluded from it.
 */
@Singleton
public final class PermissionCheck implements PrerequisiteCheck {

    private static final String CREATE_RING = "cloudkms.keyRings.create";
    private static final String CREATE_KEY = "cloudkms.cryptoKeys.create";
    private static final String READ_KEY = "cloudkms.cryptoKeys.get";
    private static final String UPDATE_KEY = "cloudkms.cryptoKeys.update";
    private static final String READ_POLICY = "cloudkms.cryptoKeys.getIamPolicy";
    private static final String GRANT = "cloudkms.cryptoKeys.setIamPolicy";

    private static final Set<String> WRITING = Set.of(CREATE_RING, CREATE_KEY, UPDATE_KEY, GRANT);
    private static final Set<String> OF_A_KEY = Set.of(READ_KEY, UPDATE_KEY, READ_POLICY, GRANT);

    private final ResourceManagerClient resources;
    private final KeyManagement kms;
    private final KeyInspection keys;
    private final SideBySide calls;
    private final OrganizationLabel label;

    @Inject
    public PermissionCheck(
            ResourceManagerClient resources,
            KeyManagement kms,
            KeyInspection keys,
            SideBySide calls,
            OrganizationId organization) {
        this.resources = resources;
        this.kms = kms;
        this.keys = keys;
        this.calls = calls;
        this.label = organization.label();
    }

    @Override
    public int rank() {
        return 60;
    }

    /** Which resource is asked, and for what, depends on what is there: that is waited for first. */
    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return subject.request().mode() == Mode.VALIDATE
                ? () -> CheckResult.CLEAR
                : calls.begin(() -> new Questions(subject.key()).ask(subject.state()));
    }

    /**
     * A question that is asked.
     *
     * @param mayBeRefused whether it is asked of a resource that may not know these permissions: that it does not answer
     *     is nothing that a person could put right
     */
    private record Question(Set<String> needed, Supplier<Lookup<Set<String>>> answer, boolean mayBeRefused) {

        /** The same, of what will be there later, asked of what it will lie in. */
        Question inAdvance() {
            return new Question(needed, answer, true);
        }
    }

    private final class Questions {

        private final CryptoKeyName key;
        private final Set<String> held = new TreeSet<>();
        private final Set<String> missing = new TreeSet<>();
        private final Set<String> unanswered = new TreeSet<>();

        Questions(CryptoKeyName key) {
            this.key = key;
        }

        CheckResult ask(KeyState state) {
            if (state instanceof KeyState.Present present) {
                askKey(needed(present));
            } else if (state instanceof KeyState.Absent absent && absent.ringExists()) {
                take(List.of(
                        ofRing(Set.of(CREATE_KEY)),
                        ofRing(Set.of(READ_POLICY, GRANT)).inAdvance()));
            } else if (state instanceof KeyState.Absent) {
                take(List.of(
                        ofProject(Set.of(CREATE_RING)),
                        ofProject(Set.of(CREATE_KEY, READ_POLICY, GRANT)).inAdvance()));
            } else {
                askKey(Set.of(READ_KEY, READ_POLICY));
            }
            if (!missing.isEmpty() && !Collections.disjoint(WRITING, held)) {
                return CheckResult.refuse(ProjectFindings.permissionsMissing(key, missing));
            }
            return unanswered.isEmpty()
                    ? CheckResult.CLEAR
                    : CheckResult.warn(ProjectFindings.permissionsUnknown(key, String.join("; ", unanswered)));
        }

        /** Nothing that is there already has to be permitted. */
        private Set<String> needed(KeyState.Present present) {
            Set<String> needed = new HashSet<>();
            if (!label.isOn(present.key().labels())) {
                needed.add(UPDATE_KEY);
            }
            if (!keys.grant(present.key().name(), present.policy()).isEmpty()) {
                needed.add(GRANT);
            }
            return needed;
        }

        /** All that a key has are asked for: whoever holds none that writes is not the one that writes. */
        private void askKey(Set<String> needed) {
            if (!needed.isEmpty()) {
                take(List.of(question(needed, () -> new Lookup.Known<>(kms.heldPermissions(key, OF_A_KEY)))));
            }
        }

        private Question ofRing(Set<String> needed) {
            return question(needed, () -> new Lookup.Known<>(kms.heldPermissions(key.ring(), needed)));
        }

        private Question ofProject(Set<String> needed) {
            return question(needed, () -> resources.heldPermissions(key.project(), needed));
        }

        private Question question(Set<String> needed, Supplier<Lookup<Set<String>>> call) {
            return new Question(needed, calls.begin(() -> answered(call)), false);
        }

        /** What is not answered is neither held nor missing. */
        private void take(List<Question> questions) {
            for (Question question : questions) {
                Lookup<Set<String>> answer = question.answer().get();
                if (answer instanceof Lookup.Known<Set<String>> known) {
                    held.addAll(known.value());
                    question.needed().stream()
                            .filter(permission -> !known.value().contains(permission))
                            .forEach(missing::add);
                } else if (answer instanceof Lookup.Unknown<Set<String>> unknown && !question.mayBeRefused()) {
                    unanswered.add(unknown.why());
                }
            }
        }

        private static Lookup<Set<String>> answered(Supplier<Lookup<Set<String>>> question) {
            try {
                return question.get();
            } catch (PermanentException e) {
                return new Lookup.Unknown<>(e.finding().message());
            } catch (TransientException e) {
                return new Lookup.Unknown<>(String.valueOf(e.getMessage()));
            }
        }
    }
}
