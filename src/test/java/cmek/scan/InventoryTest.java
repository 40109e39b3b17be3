package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.fake.Checks;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
    private static final String KEY = Sample.KEY.toString();
    private static final String WORKSPACE = Sample.WORKSPACE.value();

    private final ProjectInProcess project = new ProjectInProcess();
    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator = admin.simulator();
    private final AdminApi anthropic = admin.client();

    @Test
    void anAttachedKeyOfALiveWorkspaceHasNoFinding() {
        simulator
                .withKey("ekey_01a", KEY, Sample.NOW)
                .withWorkspace(WORKSPACE, "Payments")
                .attach(WORKSPACE, "ekey_01a");

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
        simulator.withKey("ekey_01a", KEY, Sample.NOW);

        assertThat(standing()).containsExactly(Reason.REGISTERED_NOT_ATTACHED);
    }

    @Test
    void aKeyOfArchivedWorkspacesAloneIsToldApart() {
        simulator
                .withKey("ekey_01a", KEY, Sample.NOW)
                .withWorkspace(WORKSPACE, "Payments")
                .attach(WORKSPACE, "ekey_01a")
                .archive(WORKSPACE);

        assertThat(standing()).containsExactly(Reason.ARCHIVED_WORKSPACES_ONLY);
    }

    @Test
    void aKeyThatAnthropicCallsAttachedIsNotUnusedWhateverTheWorkspacesSay() {
        simulator.withKey("ekey_01a", KEY, Sample.NOW).useElsewhere("ekey_01a");

        assertThat(standing()).isEmpty();
    }

    @Test
    void aKeyThatAWorkspaceRefersToIsAttachedWhateverTheRegistrationSays() {
        simulator.withKey("ekey_01a", KEY, Sample.NOW).withWorkspace(WORKSPACE, "Payments");
        admin.next("GET", "workspaces", Faults.after(() -> simulator.attach(WORKSPACE, "ekey_01a")));

        assertThat(only(Inventory.read(anthropic, Checks.names(project))).attached())
                .isTrue();
    }

    @Test
    void aKeyThatNobodySaysIsAttachedIsNot() {
        simulator.withKey("ekey_01a", KEY, Sample.NOW);

        assertThat(only(Inventory.read(anthropic, Checks.names(project))).attached())
                .isFalse();
    }

    @Test
    void workspacesThatAreNotSeenAreFaultsToo() {
        simulator.withWorkspace("weird", "Payments");
        admin.cutOff("workspaces");

        assertThat(Inventory.read(anthropic, Checks.names(project)).faults())
                .extracting(Finding::message)
                .satisfiesExactly(
                        one -> assertThat(one).isEqualTo("the workspace weird cannot be read and was not checked"),
                        other -> assertThat(other).startsWith("not all workspaces could be listed: GET "));
    }

    @Test
    void onlyTheLiveWorkspaceWithoutAKeyIsUncovered() {
        simulator
                .withWorkspace("wrkspc_live", "Payments")
                .withWorkspace("wrkspc_old", "Payments")
                .archive("wrkspc_old");

        assertThat(Inventory.read(anthropic, Checks.names(project)).coverage())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.reason()).isEqualTo(Reason.WORKSPACE_WITHOUT_KEY);
                    assertThat(finding.message()).contains("wrkspc_live");
                });
    }

    @Test
    void severalRegistrationsOfOneKeyKeepTheAttachedOneAndAreAllChecked() {
        simulator
                .withKey("ekey_01a", KEY, Sample.NOW)
                .withKey("ekey_02b", KEY, Sample.NOW.plusSeconds(9))
                .useElsewhere("ekey_02b");

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.keys()).hasSize(2);
        assertThat(inventory.coverage()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.DUPLICATE_REGISTRATION);
            assertThat(finding.message()).contains("ekey_02b is used, ekey_01a is not");
        });
    }

    @Test
    void ofUnattachedOnesTheOldestIsKeptAndOneWithoutADateIsTheYoungest() {
        simulator
                .withKey("ekey_01a", KEY, Instant.MAX)
                .withKey("ekey_02b", KEY, Sample.NOW.plusSeconds(9))
                .withKey("ekey_03c", KEY, Sample.NOW);

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
        int size = 300 + dice.nextInt(300);
        for (int i : shuffled(size, dice)) {
            CryptoKeyName name = CryptoKeyName.parse(
                    "projects/acme-kms-prod/locations/us-east5/keyRings/r/cryptoKeys/" + dice.nextInt(size * 9 / 10));
            names.put("ekey_" + i, name);
            simulator.withKey("ekey_" + i, name.toString(), Sample.NOW.plusSeconds(dice.nextInt(100)));
        }
        for (int i : shuffled(2 * size, dice)) {
            String to = "ekey_" + dice.nextInt(size + size / 10);
            boolean referring = dice.nextInt(10) > 0;
            String workspace = "wrkspc_" + i;
            simulator.withWorkspace(workspace, "Payments");
            if (referring) {
                simulator.attach(workspace, to);
            }
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
        simulator
                .withWorkspace(WORKSPACE, "Payments")
                .attach(WORKSPACE, "ekey_01a")
                .archive(WORKSPACE);

        assertThat(Inventory.read(anthropic, Checks.names(project)).coverage())
                .extracting(Finding::reason)
                .containsExactly(Reason.REGISTRATION_MISSING);
    }

    @Test
    void whereAPageIsMissingNothingIsCalledMissing() {
        simulator.withWorkspace(WORKSPACE, "Payments").attach(WORKSPACE, "ekey_01a");
        admin.cutOff("external_keys");

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.coverage()).isEmpty();
        assertThat(inventory.faults()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
            assertThat(finding.message()).startsWith("not all registrations could be listed: GET ");
        });
    }

    @Test
    void otherProvidersAreListedAndSkipped() {
        simulator.withForeignKey("ekey_09aws", "aws");

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.keys()).isEmpty();
        assertThat(inventory.others()).containsExactly(new OtherKey(new ExternalKeyId("ekey_09aws"), "a name", "aws"));
        assertThat(inventory.faults()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsAFaultAndNotNothing() {
        simulator.withKey("weird", KEY, Sample.NOW);

        assertThat(Inventory.read(anthropic, Checks.names(project)).faults())
                .extracting(Finding::message)
                .containsExactly("the registration weird cannot be read and was not checked");
    }

    @Test
    void aRegistrationThatAWorkspaceRefersToIsNeverSurplus() {
        simulator
                .withKey("ekey_01a", KEY, Sample.NOW)
                .withKey("ekey_02b", KEY, Sample.NOW.plusSeconds(9))
                .withWorkspace(WORKSPACE, "Payments")
                .withWorkspace("wrkspc_other", "Payments")
                .attach(WORKSPACE, "ekey_01a")
                .attach("wrkspc_other", "ekey_02b");

        assertThat(Inventory.read(anthropic, Checks.names(project)).coverage()).isEmpty();
    }

    @Test
    void aNameThatCannotBeResolvedIsToldAndTheOthersAreComplete() {
        simulator
                .withKey("ekey_01a", KEY, Sample.NOW)
                .withKey("ekey_02odd", "projects/acme/keys/1", Sample.NOW)
                .withKey("ekey_03closed", KEY.replace("acme-kms-prod", "210987654321"), Sample.NOW);

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
        String typed = KEY.replace("acme-kms-prod", "123456789012");
        simulator
                .withKey("ekey_01a", typed, Sample.NOW)
                .withKey("ekey_02b", typed.replace("payments", "store"), Sample.NOW);

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.keys())
                .extracting(key -> key.key().toString())
                .containsExactly(Sample.KEY.toString(), Sample.KEY.toString().replace("payments", "store"));
        assertThat(project.calls()).hasSize(1);
    }

    @Test
    void aRegistrationUnderTheProjectsNumberCountsAsOneOfTheSameKey() {
        project.resourceManager().numbered("acme-kms-prod", "123456789012");
        simulator
                .withKey("ekey_01a", KEY, Sample.NOW.plusSeconds(9))
                .withKey("ekey_03c", KEY, Sample.NOW)
                .withKey("ekey_02b", KEY.replace("acme-kms-prod", "123456789012"), Sample.NOW)
                .useElsewhere("ekey_03c")
                .useElsewhere("ekey_02b");

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
        simulator
                .withKey("ekey_01a", KEY, Sample.NOW)
                .withKey("ekey_02other", number.replace("payments", "store"), Sample.NOW);

        assertThat(only(Inventory.read(anthropic, Checks.names(project))).firstRegisteredAt())
                .contains(Sample.NOW);

        simulator.withKey("ekey_03may", number, Sample.NOW);

        assertThat(only(Inventory.read(anthropic, Checks.names(project))).firstRegisteredAt())
                .isEmpty();
    }

    @Test
    void aProjectThatDoesNotAnswerNowKeepsNoOtherKeyFromBeingChecked() {
        project.silent("projects/123456789012");
        simulator
                .withKey("ekey_01a", KEY, Sample.NOW)
                .withKey("ekey_02b", KEY.replace("acme-kms-prod", "123456789012"), Sample.NOW)
                .useElsewhere("ekey_01a")
                .useElsewhere("ekey_02b");

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(inventory.keys()).hasSize(1);
        assertThat(inventory.coverage()).extracting(Finding::reason).containsExactly(Reason.REGISTRATION_NOT_CANONICAL);
        assertThat(inventory.interrupted()).isEmpty();
    }

    @Test
    void aRegistrationThatTheListMissedIsReadByItsId() {
        simulator
                .withKey("ekey_01a", KEY, Sample.NOW)
                .withWorkspace(WORKSPACE, "Payments")
                .attach(WORKSPACE, "ekey_01a")
                .listLag(Duration.ofSeconds(30));

        Inventory inventory = Inventory.read(anthropic, Checks.names(project));

        assertThat(only(inventory).id()).isEqualTo(ID);
        assertThat(inventory.coverage()).isEmpty();
    }

    @Test
    void aRegionThatIsNotRecommendedIsANote() {
        CryptoKeyName west = CryptoKeyName.parse("projects/acme-kms-prod/locations/us-west2/keyRings/r/cryptoKeys/k");
        simulator.withKey("ekey_01a", west.toString(), Sample.NOW).useElsewhere("ekey_01a");

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
