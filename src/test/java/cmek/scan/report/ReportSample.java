package cmek.scan.report;

import cmek.check.CheckEntry;
import cmek.check.CheckEntry.Result;
import cmek.config.ServiceInfo;
import cmek.fake.Sample;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.ProjectFindings;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.UnexpectedPrincipal;
import cmek.model.WorkspaceId;
import cmek.result.Status;
import cmek.scan.KeyChange;
import cmek.scan.KeyReport;
import cmek.scan.KeyToScan;
import cmek.scan.OtherKey;
import cmek.scan.RegisteredKey;
import cmek.scan.RegisteredKey.WorkspaceUse;
import cmek.scan.RunId;
import cmek.scan.ScanPlan;
import cmek.scan.ScanReport;
import cmek.scan.ScanSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A scan with something of everything. */
final class ReportSample {

    private static final RenderedReport RENDERING = new RenderedReport(
            new ServiceInfo("1.2.3", Optional.of(URI.create("https://git.example/cmek-onboarding/blob/main/"))));

    static final RunId RUN = RunId.ofScan(Sample.NOW, "7421");

    private static final List<String> TEAMS = List.of(
            "payments", "claims", "research", "support", "legal", "finance", "people", "risk", "mobile", "search");

    private ReportSample() {}

    static String csv(ScanReport scan) {
        return written(out -> RENDERING.csv(scan, out));
    }

    static String html(ScanReport scan) {
        return written(out -> RENDERING.html(scan, out));
    }

    private interface Text {
        void appendTo(StringBuilder out) throws IOException;
    }

    private static String written(Text text) {
        StringBuilder out = new StringBuilder();
        try {
            text.appendTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /** A scan of two healthy keys. */
    static ScanReport calm() {
        List<RegisteredKey> keys = List.of(key(0), key(1));
        return ScanReport.of(
                Sample.ORGANIZATION,
                "1.2.3",
                run(keys, List.of(), List.of(), List.of()),
                keys.stream().map(key -> report(key)).toList(),
                List.of(),
                ScanReport.Before.NOTHING,
                Sample.NOW.plusSeconds(240));
    }

    /** A scan with keys in every state, one of them never checked. */
    static ScanReport troubled(int healthy) {
        List<KeyReport> found = new ArrayList<>();
        for (int i = 0; i < healthy; i++) {
            found.add(report(key(i)));
        }
        found.add(report(
                named("store", "Ledger, production", "Ledger"),
                ScanFindings.destructionScheduled(
                        name("store"),
                        new TreeMap<>(Map.of(2L, Optional.of(Sample.NOW.plus(Duration.ofDays(23))))),
                        "data would be lost permanently in wrkspc_01ledger (Ledger), wrkspc_02ledger (Ledger archive,"
                                + " archived)"),
                AnthropicFindings.validationFailed(
                        name("store"), "the key version is not enabled (request-id req_1)", List.of())));
        found.add(report(
                named("warehouse", "Warehouse", "Warehouse"),
                KeyFindings.unexpectedPrincipal(
                        name("warehouse"),
                        new UnexpectedPrincipal(
                                "serviceAccount:anthropic-cmek-c1ient-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com",
                                AnthropicPrincipal.ENCRYPTER_DECRYPTER,
                                UnexpectedPrincipal.Kind.LOOK_ALIKE))));
        found.add(changed());
        found.add(report(
                        named("archive", "Archive", "Archive"),
                        KeyFindings.labelMissing(name("archive"), Sample.ORGANIZATION.label()))
                .with(List.of(), List.of(Reason.LABEL_MISSING)));
        found.add(report(
                named("vault", "Vault", "Vault"),
                ScanFindings.notReached(
                        name("vault"),
                        ProjectFindings.permissionDenied(
                                "cloudkms.cryptoKeys.get", name("vault").toString()))));
        RegisteredKey loose = new RegisteredKey(
                new ExternalKeyId("ekey_01loose"), "Trial of last spring", name("trial"), false, List.of(), List.of());
        found.add(report(loose, ScanFindings.registeredNotAttached(name("trial"), loose.id())));
        RegisteredKey missed = named("overnight", "Overnight batch", "Overnight batch");
        List<RegisteredKey> expected =
                new ArrayList<>(found.stream().map(KeyReport::key).toList());
        expected.add(missed);
        ScanPlan run = run(
                expected,
                List.of(new OtherKey(new ExternalKeyId("ekey_09aws"), "Mergers (other cloud)", "aws")),
                List.of(
                        ScanFindings.workspaceWithoutKey(new WorkspaceId("wrkspc_01default"), "Default"),
                        AnthropicFindings.duplicateRegistration(
                                name("payments-0"),
                                new ExternalKeyId("ekey_01payments0"),
                                List.of(new ExternalKeyId("ekey_02twin")))),
                List.of(ScanFindings.listIncomplete(
                        "workspaces", Reason.ANTHROPIC_UNAVAILABLE, "HTTP 529, overloaded_error")));
        return ScanReport.of(
                Sample.ORGANIZATION,
                "1.2.3",
                run,
                found,
                List.of(report(
                        missed, ScanFindings.notReached(missed.key(), "it was not checked before " + run.deadline()))),
                new ScanReport.Before(
                        Optional.of(before(healthy).get(32)),
                        Optional.of(before(healthy).get(26)),
                        before(healthy).stream().map(ScanSummary::figures).toList()),
                Sample.NOW.plusSeconds(3600));
    }

    /**
     * A scan of so many keys in two projects, as one would find them.
     *
     * @param unlabelled how many of them lack the label, for one and the same cause; of the others every hundredth has a
     *     trouble of its own
     */
    static ScanReport estate(int keys, int unlabelled) {
        List<KeyReport> found = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            found.add(ofEstate(i, i < unlabelled));
        }
        ScanPlan plan = run(found.stream().map(KeyReport::key).toList(), List.of(), List.of(), List.of());
        return ScanReport.of(
                Sample.ORGANIZATION,
                "1.2.3",
                plan,
                found,
                List.of(),
                keys == 0
                        ? ScanReport.Before.NOTHING
                        : new ScanReport.Before(
                                Optional.of(before(3).get(32)),
                                Optional.of(before(3).get(26)),
                                before(3).stream().map(ScanSummary::figures).toList()),
                Sample.NOW.plusSeconds(240));
    }

    private static KeyReport ofEstate(int number, boolean unlabelled) {
        String team = TEAMS.get(number % TEAMS.size());
        CryptoKeyName key = CryptoKeyName.parse("projects/acme-kms-" + (number % 3 == 0 ? "dev" : "prod")
                + "/locations/us-east5/keyRings/anthropic/cryptoKeys/" + team + "-" + number);
        String id = String.format(Locale.ROOT, "01JwQvzr7rXLA5AG%08d", number);
        RegisteredKey registered = new RegisteredKey(
                new ExternalKeyId("ekey_" + id),
                "Production of " + team + ", number " + number,
                key,
                true,
                List.of(new WorkspaceUse(new WorkspaceId("wrkspc_" + id), team + " " + number, false)),
                List.of());
        List<Finding> findings = new ArrayList<>();
        boolean down = unlabelled;
        Optional<Instant> destroysAt = Optional.empty();
        if (unlabelled) {
            findings.add(KeyFindings.labelMissing(key, Sample.ORGANIZATION.label()));
        } else if (number % 100 == 7) {
            destroysAt = Optional.of(Sample.NOW.plus(Duration.ofDays(3 + number % 30)));
            findings.add(ScanFindings.destructionScheduled(
                    key,
                    new TreeMap<>(Map.of(1L, destroysAt)),
                    "data would be lost permanently in wrkspc_" + id + " (" + team + " " + number + ")"));
        } else if (number % 100 == 8) {
            findings.add(ScanFindings.rotationOverdue(key, Sample.NOW.minus(Duration.ofDays(3))));
        } else if (number % 100 == 9) {
            down = true;
            findings.add(KeyFindings.bindingMissing(key, AnthropicPrincipal.ROLES));
        } else if (number % 100 == 11) {
            findings.add(KeyFindings.unexpectedPrincipal(
                    key,
                    new UnexpectedPrincipal(
                            "serviceAccount:etl@partner-analytics.iam.gserviceaccount.com",
                            AnthropicPrincipal.ENCRYPTER_DECRYPTER,
                            UnexpectedPrincipal.Kind.OUTSIDE)));
        }
        KeyReport bare = KeyReport.of(
                new KeyToScan(RUN, registered, Sample.NOW, Optional.empty()), findings, Sample.NOW.plusSeconds(25));
        return new KeyReport(
                        bare.run(),
                        bare.key(),
                        bare.status(),
                        bare.findings(),
                        bare.notes(),
                        List.of(),
                        Optional.empty(),
                        bare.inspectedAt(),
                        checks(number, unlabelled, down),
                        Map.of("team", team),
                        destroysAt,
                        Optional.empty())
                .since(Optional.empty(), Sample.NOW.plusSeconds(25));
    }

    private static List<CheckEntry> checks(int number, boolean unlabelled, boolean down) {
        String label = Sample.ORGANIZATION.label().toString();
        return List.of(
                new CheckEntry("project", Result.PASSED, ""),
                new CheckEntry("key", Result.PASSED, "HSM, destruction delayed by 60 days"),
                new CheckEntry(
                        "principals",
                        Result.PASSED,
                        "policies read: the key, its key ring, projects/acme-kms-prod, folders/81, organizations/7"),
                new CheckEntry("lostVersions", Result.PASSED, ""),
                new CheckEntry("destruction", number % 100 == 7 ? Result.FAILED : Result.PASSED, ""),
                new CheckEntry(
                        "primaryVersion",
                        Result.PASSED,
                        "ENCRYPT_DECRYPT, GOOGLE_SYMMETRIC_ENCRYPTION, version 1 ENABLED"),
                new CheckEntry("versions", Result.PASSED, "1-" + (2 + number % 7) + " ENABLED"),
                new CheckEntry("label", unlabelled ? Result.FAILED : Result.PASSED, (unlabelled ? "no " : "") + label),
                new CheckEntry("rotation", Result.PASSED, "every 90 days, next at 2027-01-21T02:00:00.000Z"),
                new CheckEntry("bindings", Result.PASSED, "both roles for " + AnthropicPrincipal.EMAIL),
                new CheckEntry(
                        CheckEntry.ROUND_TRIP,
                        down ? Result.FAILED : Result.PASSED,
                        (down ? "Anthropic cannot use the key" : "Anthropic encrypted and decrypted with the key")
                                + ", asked at 2026-11-23T02:00:25.000Z, answered in " + (300 + number % 900) + " ms"));
    }

    /** A scan whose every foreign text is an attack. */
    static ScanReport hostile(String attack) {
        RegisteredKey key = new RegisteredKey(
                new ExternalKeyId("ekey_01x"),
                attack,
                name("x"),
                true,
                List.of(new WorkspaceUse(Sample.WORKSPACE, attack, false)),
                List.of());
        KeyReport report = report(key, new Finding(Reason.VALIDATION_FAILED, attack, List.of(attack)))
                .with(List.of(new Finding(Reason.NOT_REACHED, attack, List.of("gcloud " + attack))), List.of());
        return ScanReport.of(
                Sample.ORGANIZATION,
                attack,
                run(
                        List.of(key),
                        List.of(new OtherKey(new ExternalKeyId("ekey_01y"), attack, attack)),
                        List.of(new Finding(Reason.WORKSPACE_WITHOUT_KEY, attack, List.of(attack))),
                        List.of(new Finding(Reason.ANTHROPIC_UNAVAILABLE, attack, List.of(attack)))),
                List.of(report),
                List.of(),
                ScanReport.Before.NOTHING,
                Sample.NOW);
    }

    private static KeyReport changed() {
        RegisteredKey key = named("gateway", "Model gateway", "Gateway");
        KeyToScan asked = new KeyToScan(
                RUN,
                key,
                Sample.NOW,
                Optional.of(new KeyChange("SetIamPolicy", "ops@example.com", Sample.NOW.minusSeconds(60))));
        return KeyReport.of(
                asked,
                List.of(
                        KeyFindings.bindingMissing(name("gateway"), AnthropicPrincipal.ROLES),
                        KeyFindings.oldVersionUnusable(
                                name("gateway"), List.of(new KeyFindings.VersionState(3, "DISABLED")))),
                Sample.NOW.plusSeconds(31));
    }

    private static List<ScanSummary> before(int healthy) {
        List<ScanSummary> scans = new ArrayList<>();
        for (int day = 33; day >= 1; day--) {
            Instant at = Sample.NOW.minus(Duration.ofDays(day));
            TreeMap<String, Status> keys = new TreeMap<>();
            for (int i = 0; i < healthy; i++) {
                keys.put(key(i).id().value(), i == 3 && day == 1 ? Status.UNHEALTHY : Status.HEALTHY);
            }
            keys.put("ekey_01gateway", Status.HEALTHY);
            keys.put("ekey_01archive", Status.UNHEALTHY);
            keys.put("ekey_01gone", Status.HEALTHY);
            keys.put("ekey_01vault", Status.HEALTHY);
            keys.put("ekey_01loose", Status.UNUSED);
            scans.add(new ScanSummary(
                    RunId.ofScan(at, "7"),
                    at,
                    day == 12 ? Status.SCAN_INCOMPLETE : Status.SCAN_COMPLETED,
                    Map.of(
                            Status.UNHEALTHY, day % 7 == 0 ? 5 : day % 3,
                            Status.UNREACHABLE, day == 12 ? 6 : 0,
                            Status.UNUSED, day < 20 ? 1 : 0,
                            Status.HEALTHY, healthy),
                    keys,
                    new TreeMap<>(Map.of(
                            "ekey_01gone",
                            new ScanSummary.Key(name("gone"), List.of()),
                            "ekey_01archive",
                            new ScanSummary.Key(name("archive"), List.of("LABEL_MISSING"))))));
        }
        return scans;
    }

    private static ScanPlan run(
            List<RegisteredKey> keys, List<OtherKey> others, List<Finding> coverage, List<Finding> faults) {
        return new ScanPlan(RUN, Sample.NOW, Sample.NOW.plus(Duration.ofHours(1)), keys, others, coverage, faults);
    }

    private static KeyReport report(RegisteredKey key, Finding... findings) {
        return KeyReport.of(
                new KeyToScan(RUN, key, Sample.NOW, Optional.empty()), List.of(findings), Sample.NOW.plusSeconds(25));
    }

    private static RegisteredKey key(int number) {
        String team = TEAMS.get(number % TEAMS.size());
        return named(
                team + "-" + number / TEAMS.size(),
                team.substring(0, 1).toUpperCase(Locale.ROOT) + team.substring(1) + ", production",
                team);
    }

    private static RegisteredKey named(String name, String displayName, String workspace) {
        String id = name.replace("-", "");
        return new RegisteredKey(
                new ExternalKeyId("ekey_01" + id),
                displayName,
                name(name),
                true,
                List.of(new WorkspaceUse(new WorkspaceId("wrkspc_01" + id), workspace, false)),
                List.of());
    }

    private static CryptoKeyName name(String name) {
        return CryptoKeyName.parse("projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/" + name);
    }
}
