package cmek.config;

import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.model.SafeText;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Refuses to start when a required setting is missing, and names all that are. */
@Singleton
public final class StartUp {

    /** The functions that speak to Anthropic; the others should run where Anthropic's credential cannot be read. */
    private static final Set<String> NEED_CREDENTIAL = Set.of(
            "checkPrerequisites",
            "registerKey",
            "validateKey",
            "attachWorkspace",
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

    private static final Pattern ALLOWED_WORKSPACE = Pattern.compile("([a-z0-9*-]{1,30}=)?[A-Za-z0-9_*]{1,71}");

    private final CmekConfig config;

    @Inject
    StartUp(CmekConfig config) {
        this.config = config;
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
        refuseLessThanOne("concurrency", config.concurrency(), faults);
        refuseLessThanOne("scan.concurrency", config.scan().concurrency(), faults);
        return faults;
    }

    /** An attachment cannot be undone: somebody must have said which may be made, or must say so of each. */
    private void workspaces(boolean asks, List<String> faults) {
        Optional<List<String>> allowed = config.policy().allowedWorkspaces();
        boolean attaches = config.host().serves().map(ATTACH::contains).orElse(true);
        if (attaches && allowed.isEmpty() && !asks) {
            faults.add(missing("policy.allowed-workspaces")
                    + ": set it to the workspaces to which keys may be attached (WORKSPACE, or PROJECT=WORKSPACE for keys"
                    + " of one project; * is a wildcard), or set cmek.policy.attach-approval to required, so that a"
                    + " second person approves each attachment");
        }
        allowed.orElse(List.of()).stream()
                .map(String::strip)
                .filter(entry -> !ALLOWED_WORKSPACE.matcher(entry).matches())
                .forEach(entry -> faults.add("cmek.policy.allowed-workspaces contains " + SafeText.quote(entry)
                        + ", which is neither WORKSPACE nor PROJECT=WORKSPACE (* is a wildcard)"));
    }

    private static boolean isPage(URI url) {
        return "https".equals(url.getScheme())
                && url.getHost() != null
                && url.getUserInfo() == null
                && url.getQuery() == null
                && url.getFragment() == null;
    }

    private static void refuseLessThanOne(String property, int value, List<String> faults) {
        if (value < 1) {
            faults.add("cmek." + property + " is " + value + " and must be at least 1");
        }
    }

    /** Exactly one complete credential; the operators choose which. */
    private void credential(List<String> faults) {
        CmekConfig.Anthropic anthropic = config.anthropic();
        CmekConfig.Federation federation = anthropic.federation();
        List<String> set = new ArrayList<>();
        anthropic.adminKey().ifPresent(key -> set.add("cmek.anthropic.admin-key"));
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
        String environment =
                "CMEK_" + property.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z]", "_");
        return "cmek." + property + " is not set (" + environment + ")";
    }
}
