package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Checks;
import cmek.fake.FakeAdminApi;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InventoryTest {

    private static final ExternalKeyId ID = new ExternalKeyId("ekey_01a");

    private final ProjectInProcess project = new ProjectInProcess();
    private final FakeAdminApi anthropic = new FakeAdminApi(Sample.ORGANIZATION);

    @Test
    void anAttachedKeyOfALiveWorkspaceHasNoFinding() {
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(ID));

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        RegisteredKey key = only(inventory);
        assertThat(key.standing()).isEmpty();
        assertThat(key.attached()).isTrue();
        assertThat(key.workspaces()).extracting(RegisteredKey.WorkspaceUse::id).containsExactly(Sample.WORKSPACE);
        assertThat(inventory.coverage()).isEmpty();
        assertThat(inventory.faults()).isEmpty();
    }

    @Test
    void aKeyThatNoWorkspaceRefersToIsRegisteredNotAttached() {
        anthropic.withExternalKey("ekey_01a", Sample.KEY, false, Sample.NOW);

        assertThat(standing()).containsExactly(Reason.REGISTERED_NOT_ATTACHED);
    }

    @Test
    void aKeyOfArchivedWorkspacesAloneIsToldApart() {
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .withWorkspace(Sample.WORKSPACE, true, Optional.of(ID));

        assertThat(standing()).containsExactly(Reason.ARCHIVED_WORKSPACES_ONLY);
    }

    @Test
    void aKeyThatAnthropicCallsAttachedIsNotUnusedWhateverTheWorkspacesSay() {
        anthropic.withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW);

        assertThat(standing()).isEmpty();
    }

    @Test
    void aKeyThatAWorkspaceRefersToIsAttachedWhateverTheRegistrationSays() {
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, false, Sample.NOW)
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(ID));

        assertThat(only(Inventory.read(anthropic, Checks.names(project))).attached())
                .isTrue();
    }

    @Test
    void aKeyThatNobodySaysIsAttachedIsNot() {
        anthropic.withExternalKey("ekey_01a", Sample.KEY, false, Sample.NOW);

        assertThat(only(Inventory.read(anthropic, Checks.names(project))).attached())
                .isFalse();
    }

    @Test
    void workspacesThatAreNotSeenAreFaultsToo() {
        anthropic
                .withUnreadableWorkspace("wrkspc_weird")
                .workspacesInterruptedBy(new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 529", null));

        assertThat(Inventory.read(anthropic, Checks.names(project)).faults())
                .extracting(Finding::message)
                .containsExactly(
                        "the workspace wrkspc_weird cannot be read and was not checked",
                        "not all workspaces could be listed: HTTP 529");
    }

    @Test
    void onlyTheLiveWorkspaceWithoutAKeyIsUncovered() {
        anthropic
                .withWorkspace(new WorkspaceId("wrkspc_live"), false, Optional.empty())
                .withWorkspace(new WorkspaceId("wrkspc_old"), true, Optional.empty());

        assertThat(Inventory.read(anthropic, Checks.names(project)).coverage())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.reason()).isEqualTo(Reason.WORKSPACE_WITHOUT_KEY);
                    assertThat(finding.message()).contains("wrkspc_live");
                });
    }

    @Test
    void severalRegistrationsOfOneKeyKeepTheAttachedOneAndAreAllChecked() {
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, false, Sample.NOW)
                .withExternalKey("ekey_02b", Sample.KEY, true, Sample.NOW.plusSeconds(9));

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.keys()).hasSize(2);
        assertThat(inventory.coverage()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.DUPLICATE_REGISTRATION);
            assertThat(finding.message()).contains("ekey_02b is used, ekey_01a is not");
        });
    }

    @Test
    void ofUnattachedOnesTheOldestIsKeptAndOneWithoutADateIsTheYoungest() {
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, false, Instant.MAX)
                .withExternalKey("ekey_02b", Sample.KEY, false, Sample.NOW.plusSeconds(9))
                .withExternalKey("ekey_03c", Sample.KEY, false, Sample.NOW);

        assertThat(Inventory.read(anthropic, Checks.names(project)).coverage())
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.message()).contains("ekey_03c is used, ekey_02b, ekey_01a are not"));
    }

    /** Against an independent definition. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aLargeInventoryInAnyOrderIsReadRightly(long seed) {
        Random dice = new Random(seed);
        Map<String, CryptoKeyName> names = new TreeMap<>();
        Map<String, Set<String>> uses = new TreeMap<>();
        Set<String> uncovered = new TreeSet<>();
        int size = 1_000 + dice.nextInt(1_000);
        for (int i : shuffled(size, dice)) {
            CryptoKeyName name = CryptoKeyName.parse(
                    "projects/acme-kms-prod/locations/us-east5/keyRings/r/cryptoKeys/" + dice.nextInt(size * 9 / 10));
            names.put("ekey_" + i, name);
            anthropic.withExternalKey("ekey_" + i, name, false, Sample.NOW.plusSeconds(dice.nextInt(100)));
        }
        for (int i : shuffled(2 * size, dice)) {
            String to = "ekey_" + dice.nextInt(size + size / 10);
            boolean referring = dice.nextInt(10) > 0;
            String workspace = "wrkspc_" + i;
            anthropic.withWorkspace(
                    new WorkspaceId(workspace),
                    false,
                    referring ? Optional.of(new ExternalKeyId(to)) : Optional.empty());
            if (referring && names.containsKey(to)) {
                uses.computeIfAbsent(to, any -> new TreeSet<>()).add(workspace);
            } else {
                uncovered.add(workspace);
            }
        }

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.keys())
                .extracting(key -> key.key() + " " + key.id())
                .containsExactlyElementsOf(names.entrySet().stream()
                        .map(key -> key.getValue() + " " + key.getKey())
                        .sorted()
                        .toList());
        assertThat(inventory.keys())
                .allSatisfy(key -> assertThat(key.workspaces())
                        .extracting(use -> use.id().value())
                        .containsExactlyElementsOf(uses.getOrDefault(key.id().value(), Set.of())))
                .allSatisfy(key -> assertThat(key.attached())
                        .isEqualTo(uses.containsKey(key.id().value())));
        Map<Reason, List<Finding>> coverage =
                inventory.coverage().stream().collect(Collectors.groupingBy(Finding::reason));
        assertThat(coverage.getOrDefault(Reason.DUPLICATE_REGISTRATION, List.of()))
                .hasSize((int) names.entrySet().stream()
                        .filter(key -> !uses.containsKey(key.getKey()))
                        .map(Map.Entry::getValue)
                        .filter(name -> Collections.frequency(names.values(), name) > 1)
                        .distinct()
                        .count());
        assertThat(Stream.of(Reason.WORKSPACE_WITHOUT_KEY, Reason.REGISTRATION_MISSING)
                        .flatMap(reason -> coverage.getOrDefault(reason, List.of()).stream())
                        .map(finding -> finding.message().split(" ", -1)[2]))
                .containsExactlyInAnyOrderElementsOf(uncovered);
    }

    private static List<Integer> shuffled(int size, Random dice) {
        List<Integer> numbers = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(numbers, dice);
        return numbers;
    }

    @Test
    void aWorkspaceWhoseRegistrationIsNotListedIsTold() {
        anthropic.withWorkspace(Sample.WORKSPACE, true, Optional.of(ID));

        assertThat(Inventory.read(anthropic, Checks.names(project)).coverage())
                .extracting(Finding::reason)
                .containsExactly(Reason.REGISTRATION_MISSING);
    }

    @Test
    void whereAPageIsMissingNothingIsCalledMissing() {
        anthropic
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(ID))
                .interruptedBy(new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 529", null));

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.coverage()).isEmpty();
        assertThat(inventory.faults()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
            assertThat(finding.message()).isEqualTo("not all registrations could be listed: HTTP 529");
        });
    }

    @Test
    void otherProvidersAreListedAndSkipped() {
        anthropic.withForeignKey("ekey_09aws", "aws");

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.keys()).isEmpty();
        assertThat(inventory.others())
                .containsExactly(new OtherKey(new ExternalKeyId("ekey_09aws"), "a foreign name", "aws"));
        assertThat(inventory.faults()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsAFaultAndNotNothing() {
        anthropic.withUnreadableKey("weird");

        assertThat(Inventory.read(anthropic, Checks.names(project)).faults())
                .extracting(Finding::message)
                .containsExactly("the registration weird cannot be read and was not checked");
    }

    @Test
    void aRegistrationThatAWorkspaceRefersToIsNeverSurplus() {
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .withExternalKey("ekey_02b", Sample.KEY, false, Sample.NOW.plusSeconds(9))
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(ID))
                .withWorkspace(new WorkspaceId("wrkspc_other"), false, Optional.of(new ExternalKeyId("ekey_02b")));

        assertThat(Inventory.read(anthropic, Checks.names(project)).coverage()).isEmpty();
    }

    @Test
    void aNameThatCannotBeResolvedIsToldAndTheOthersAreComplete() {
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .withTypedKey("ekey_02odd", "projects/acme/keys/1", false)
                .withTypedKey("ekey_03closed", Sample.KEY.toString().replace("acme-kms-prod", "210987654321"), true);

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(only(inventory).id()).isEqualTo(ID);
        assertThat(inventory.faults()).isEmpty();
        assertThat(inventory.coverage())
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding.reason()).isEqualTo(Reason.REGISTRATION_NOT_CANONICAL));
        assertThat(inventory.coverage())
                .extracting(Finding::message)
                .anyMatch(message -> message.contains("ekey_02odd") && message.contains("\"projects/acme/keys/1\""))
                .anyMatch(message -> message.contains("the id of project 210987654321 could not be read"));
    }

    @Test
    void aKeyUnderItsProjectsNumberIsTheSameKeyAndIsAskedForOnce() {
        project.resourceManager().numbered("acme-kms-prod", "123456789012");
        String typed = Sample.KEY.toString().replace("acme-kms-prod", "123456789012");
        anthropic
                .withTypedKey("ekey_01a", typed, true)
                .withTypedKey("ekey_02b", typed.replace("payments", "store"), true);

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.keys())
                .extracting(key -> key.key().toString())
                .containsExactly(Sample.KEY.toString(), Sample.KEY.toString().replace("payments", "store"));
        assertThat(project.calls()).hasSize(1);
    }

    @Test
    void aRegistrationUnderTheProjectsNumberCountsAsOneOfTheSameKey() {
        project.resourceManager().numbered("acme-kms-prod", "123456789012");
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, false, Sample.NOW.plusSeconds(9))
                .withExternalKey("ekey_03c", Sample.KEY, true, Sample.NOW)
                .withTypedKey("ekey_02b", Sample.KEY.toString().replace("acme-kms-prod", "123456789012"), true);

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.keys()).extracting(RegisteredKey::key).hasSize(3).containsOnly(Sample.KEY);
        assertThat(inventory.keys()).allMatch(RegisteredKey::attachedElsewhere);
        assertThat(inventory.coverage()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.DUPLICATE_REGISTRATION);
            assertThat(finding.message()).contains("workspaces refer to", "as well, ekey_01a is not");
        });
    }

    @Test
    void sinceWhenAKeyIsRegisteredIsUnknownWhereANameThatIsNotUnderstoodMayBeIts() {
        String number = Sample.KEY.toString().replace("acme-kms-prod", "210987654321");
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .withTypedKey("ekey_02other", number.replace("payments", "store"), true);

        assertThat(only(Inventory.read(anthropic, Checks.names(project))).firstRegisteredAt())
                .contains(Sample.NOW);

        anthropic.withTypedKey("ekey_03may", number, true);

        assertThat(only(Inventory.read(anthropic, Checks.names(project))).firstRegisteredAt())
                .isEmpty();
    }

    @Test
    void aProjectThatDoesNotAnswerNowKeepsNoOtherKeyFromBeingChecked() {
        project.silent("projects/123456789012");
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .withTypedKey("ekey_02b", Sample.KEY.toString().replace("acme-kms-prod", "123456789012"), true);

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.keys()).hasSize(1);
        assertThat(inventory.coverage()).extracting(Finding::reason).containsExactly(Reason.REGISTRATION_NOT_CANONICAL);
        assertThat(inventory.interrupted()).isEmpty();
    }

    @Test
    void aRegistrationThatTheListMissedIsReadByItsId() {
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(ID))
                .unlisted(ID);

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(only(inventory).id()).isEqualTo(ID);
        assertThat(inventory.coverage()).isEmpty();
    }

    @Test
    void aRegionThatIsNotRecommendedIsANote() {
        CryptoKeyName west = CryptoKeyName.parse("projects/acme-kms-prod/locations/us-west2/keyRings/r/cryptoKeys/k");
        anthropic.withExternalKey("ekey_01a", west, true, Sample.NOW);

        assertThat(standing()).containsExactly(Reason.REGION_NOT_RECOMMENDED);
    }

    private List<Reason> standing() {
        return only(Inventory.read(anthropic, Checks.names(project))).standing().stream()
                .map(Finding::reason)
                .toList();
    }

    private static RegisteredKey only(Inventory inventory) {
        assertThat(inventory.keys()).hasSize(1);
        return inventory.keys().iterator().next();
    }
}
