package cmek.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.model.SafeText;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Refuses to start when a required setting is missing, when one cannot mean what it says, or when a name is not that of a
 * setting; names all of them at once.
 */
@Singleton
public final class StartUp {

    /** The functions that speak to Anthropic; the others should run where Anthropic's credential cannot be read. */
    private static final Set<String> NEED_CREDENTIAL = Set.of(
            "checkPrerequisites",
            "registerKey",
            "validateKey",
            "attachWorkspace",
            "reportDeadLetter",
            "startScan",
            "scanKey",
            "rescanChangedKey");

    /** The functions that read or write evidence. */
    private static final Set<String> NEED_BUCKET = Set.of("startScan", "scanKey", "reportScan", "rescanChangedKey");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern RULE = Pattern.compile("fdrl_[A-Za-z0-9]+");
    private static final Pattern SERVICE_ACCOUNT = Pattern.compile("svac_[A-Za-z0-9]+");

    /** As the lists of domain restricted sharing write a customer. */
    private static final Pattern CUSTOMER = Pattern.compile("(is:)?C0[A-Za-z0-9]{1,30}");

    /** The functions that store what must be approved, where approval is required. */
    private static final Set<String> ASK = Set.of("attachWorkspace", "reportDeadLetter");

    /** The functions that say, or act on, which workspace gets a key. */
    private static final Set<String> ATTACH = Set.of("checkPrerequisites", "attachWorkspace");

    private static final int CALLS_AT_MOST = 1_000;
    private static final int READS_AT_MOST = 1_000_000;

    private final CmekConfig config;
    private final Set<String> environment;

    @Inject
    StartUp(CmekConfig config) {
        this(config, System.getenv().keySet());
    }

    /** With other names of environment variables, for tests. */
    StartUp(CmekConfig config, Set<String> environment) {
        this.config = config;
        this.environment = Set.copyOf(environment);
    }

    void check(@Observes StartupEvent event) {
        List<String> faults = faults();
        if (!faults.isEmpty()) {
            throw new IllegalStateException("cannot start: " + String.join("; ", faults));
        }
    }

    /** What must be set or fixed before this function can run. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        config.anthropic()
                .organizationId()
                .ifPresentOrElse(
                        id -> refuseMalformed(id, faults), () -> faults.add(missing("anthropic.organization-id")));
        if (config.google().project().filter(project -> !project.isBlank()).isEmpty()) {
            faults.add(missing("google.project"));
        }
        credential(faults);
        config.policy()
                .anthropicCustomerId()
                .filter(id -> !CUSTOMER.matcher(id).matches())
                .ifPresent(id -> faults.add("cmek.policy.anthropic-customer-id is " + SafeText.quote(id)
                        + " and must be a customer id of the form C0… or is:C0…"));
        URI anthropic = config.anthropic().baseUrl();
        if (!"https".equals(anthropic.getScheme()) && !LOOPBACK.contains(String.valueOf(anthropic.getHost()))) {
            faults.add("cmek.anthropic.base-url must begin with https://, unless it is a simulator on this machine: the"
                    + " credential is sent with every call");
        }
        boolean asks = config.policy().attachApproval() == Policy.AttachApproval.REQUIRED;
        boolean needsBucket = config.host()
                .serves()
                .map(function -> NEED_BUCKET.contains(function) || (asks && ASK.contains(function)))
                .orElse(asks);
        if (needsBucket
                && config.evidence().bucket().filter(name -> !name.isBlank()).isEmpty()) {
            faults.add(missing("evidence.bucket"));
        }
        config.documentationUrl().filter(url -> !isPage(url)).ifPresent(url -> {
            faults.add("cmek.documentation-url must be an absolute https:// URL without query and fragment: "
                    + SafeText.quote(url.toString()));
        });
        workspaces(asks, faults);
        ranges(faults);
        lists(faults);
        faults.addAll(SettingNames.unknown(environment));
        return faults;
    }

    /** An attachment cannot be undone: somebody must have said which may be made, or must say so of each. */
    private void workspaces(boolean asks, List<String> faults) {
        boolean attaches = config.host().serves().map(ATTACH::contains).orElse(true);
        if (attaches && config.policy().allowedWorkspaces().isEmpty() && !asks) {
            faults.add(missing("policy.allowed-workspaces")
                    + ": set it to the workspaces to which keys may be attached (WORKSPACE, or PROJECT=WORKSPACE for keys"
                    + " of one project; * is a wildcard), or set cmek.policy.attach-approval to required, so that a"
                    + " second person approves each attachment");
        }
    }

    private void ranges(List<String> faults) {
        CmekConfig.Scan scan = config.scan();
        CmekConfig.Timing timing = config.timing();
        refuseOutside("concurrency", config.concurrency(), CALLS_AT_MOST, faults);
        refuseOutside("scan.concurrency", scan.concurrency(), CALLS_AT_MOST, faults);
        scan.kmsReadsPerMinute()
                .ifPresent(reads -> refuseOutside("scan.kms-reads-per-minute", reads, READS_AT_MOST, faults));
        refuseOutside("repair-after", config.repairAfter(), Duration.ofHours(1), Duration.ofDays(30), faults);
        refuseOutside("scan.listing-interval", scan.listingInterval(), Duration.ZERO, Duration.ofMinutes(10), faults);
        refuseOutside("scan.deadline", scan.deadline(), Duration.ofSeconds(10), Duration.ofDays(1), faults);
        refuseOutside(
                "timing.abandoned-after", timing.abandonedAfter(), Duration.ofSeconds(5), Duration.ofDays(1), faults);
        refuseOutside("timing.max-age", timing.maxAge(), Duration.ofMinutes(1), Duration.ofDays(30), faults);
        refuseOutside(
                "timing.propagation-window",
                timing.propagationWindow(),
                Duration.ofSeconds(1),
                Duration.ofDays(1),
                faults);
    }

    private void lists(List<String> faults) {
        CmekConfig.Policies policy = config.policy();
        refuseEntries("policy.allowed-projects", policy.allowedProjects().orElse(List.of()), Patterns::project, faults);
        refuseEntries(
                "policy.allowed-workspaces", policy.allowedWorkspaces().orElse(List.of()), Patterns::workspace, faults);
        refuseEntries("policy.allowed-locations", policy.allowedLocations(), Patterns::location, faults);
        refuseEntries(
                "google.own-service-accounts",
                config.google().ownServiceAccounts().orElse(List.of()),
                Patterns::serviceAccount,
                faults);
    }

    private static void refuseEntries(
            String property, List<String> entries, Function<String, Optional<String>> fault, List<String> faults) {
        for (String entry : Patterns.trimmed(entries)) {
            fault.apply(entry).ifPresent(found -> faults.add("cmek." + property + ": " + found));
        }
    }

    private static boolean isPage(URI url) {
        return "https".equals(url.getScheme())
                && url.getHost() != null
                && url.getUserInfo() == null
                && url.getQuery() == null
                && url.getFragment() == null;
    }

    private static void refuseOutside(String property, int value, int most, List<String> faults) {
        if (value < 1 || value > most) {
            faults.add("cmek." + property + " is " + value + " and must be from 1 to " + most);
        }
    }

    private static void refuseOutside(
            String property, Duration value, Duration least, Duration most, List<String> faults) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            faults.add("cmek." + property + " is " + value + " and must be from " + least + " to " + most);
        }
    }

    /** Exactly one complete credential; the operators choose which. */
    private void credential(List<String> faults) {
        CmekConfig.Anthropic anthropic = config.anthropic();
        CmekConfig.Federation federation = anthropic.federation();
        List<String> set = new ArrayList<>();
        anthropic.adminKey().ifPresent(key -> {
            set.add("cmek.anthropic.admin-key");
            AdminKeyForm.fault(key.strip().getBytes(UTF_8))
                    .ifPresent(fault -> faults.add("cmek.anthropic.admin-key " + fault));
        });
        anthropic.adminKeyFile().ifPresent(file -> set.add("cmek.anthropic.admin-key-file"));
        if (federation.ruleId().isPresent() || federation.serviceAccountId().isPresent()) {
            set.add("cmek.anthropic.federation");
            half("rule-id", RULE, federation.ruleId(), faults);
            half("service-account-id", SERVICE_ACCOUNT, federation.serviceAccountId(), faults);
        }
        boolean needed = config.host().serves().map(NEED_CREDENTIAL::contains).orElse(true);
        if (needed && set.isEmpty()) {
            faults.add(
                    missing("anthropic.admin-key")
                            + " (or cmek.anthropic.admin-key-file, or cmek.anthropic.federation.rule-id and .service-account-id)");
        }
        if (set.size() > 1) {
            faults.add(String.join(" and ", set) + " are set: set only one of them");
        }
    }

    /**
     * The ids look alike and are next to each other in the Console; if they are swapped, Anthropic only answers 400.
     */
    private static void half(String name, Pattern form, Optional<String> value, List<String> faults) {
        String property = "anthropic.federation." + name;
        if (value.isEmpty()) {
            faults.add(missing(property) + ", but the other half of the federation is");
        } else if (!form.matcher(value.get()).matches()) {
            faults.add("cmek." + property + " is not of the form " + form + ": " + SafeText.quote(value.get()));
        }
    }

    private static void refuseMalformed(String id, List<String> faults) {
        try {
            new OrganizationId(id);
        } catch (IllegalArgumentException e) {
            faults.add("cmek.anthropic.organization-id is " + e.getMessage());
        }
    }

    private static String missing(String property) {
        return "cmek." + property + " is not set (" + SettingNames.variable(property) + ")";
    }
}
