package cmek.model;

import cmek.model.IamMember.Owner;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads members of IAM bindings. What is not wholly of a known form is {@link IamMember.Unknown}. */
public final class IamMemberParser {

    private static final Set<String> EVERYONE =
            Set.of("allUsers", "allAuthenticatedUsers", "principalSet://goog/public:all");

    private static final String DELETED = "deleted:";
    private static final String OF_GOOGLE = "gserviceaccount.com";

    private static final Pattern EMAIL = Pattern.compile("([^@\\s/\\[\\]?]+)@([a-z0-9.-]+)");
    private static final Pattern KUBERNETES =
            Pattern.compile("([a-z0-9.:-]+)\\.(?:svc|hub)\\.id\\.goog\\[[^/\\[\\]\\s]+/[^/\\[\\]\\s]+]");
    private static final Pattern WITHOUT_UID = Pattern.compile("(.*?)(?:\\?uid=[0-9]+)?");
    private static final Pattern NUMBERED = Pattern.compile("([0-9]+)(?:-[0-9a-z]+)?");
    private static final Pattern BASIC_ROLE = Pattern.compile("project(?:Owner|Editor|Viewer):([a-z0-9.:-]+)");
    private static final Pattern WORKLOAD_POOL = Pattern.compile(
            "principal(?:Set)?://iam\\.googleapis\\.com/projects/([0-9]+)/locations/global/workloadIdentityPools/([^/\\s]+)/(\\S+)");
    private static final Pattern WORKFORCE_POOL = Pattern.compile(
            "principal(?:Set)?://iam\\.googleapis\\.com/locations/global/workforcePools/([^/\\s]+)/\\S+");
    private static final Pattern SERVICE_ACCOUNT =
            Pattern.compile("principal://iam\\.googleapis\\.com/projects/[^/\\s]+/serviceAccounts/(\\S+)");
    private static final Pattern RESOURCES = Pattern.compile(
            "principalSet://cloudresourcemanager\\.googleapis\\.com/(projects|folders|organizations)/([0-9]+)(?:/type/([A-Za-z]+))?");
    private static final Pattern AGENT_IDENTITY =
            Pattern.compile("principal(?:Set)?://agents\\.global\\.(org|project)-([0-9]+)\\.system\\.id\\.goog/\\S+");
    private static final Pattern DIRECTORY =
            Pattern.compile("principal(?:Set)?://goog/(subject|group|cloudIdentityCustomerId)/(\\S+)");

    private IamMemberParser() {}

    /** Reads a member as it stands in a binding; never fails. */
    public static IamMember parse(String text) {
        if (EVERYONE.contains(text)) {
            return new IamMember.Everyone(text);
        }
        if (text.startsWith(DELETED)) {
            Matcher was = WITHOUT_UID.matcher(text.substring(DELETED.length()));
            return new IamMember.Deleted(text, living(text, was.matches() ? was.group(1) : ""));
        }
        return living(text, text);
    }

    /**
     * What is not deleted, or was not.
     *
     * @param text as it stands in the binding
     * @param member what of it names the member
     */
    private static IamMember living(String text, String member) {
        if (member.startsWith("principal")) {
            return principal(text, member);
        }
        Matcher holders = BASIC_ROLE.matcher(member);
        if (holders.matches()) {
            return new IamMember.BasicRoleHolders(text, holders.group(1));
        }
        int colon = member.indexOf(':');
        String name = member.substring(colon + 1);
        return switch (colon < 0 ? "" : member.substring(0, colon)) {
            case "serviceAccount" -> serviceAccount(text, name);
            case "user" -> user(text, name);
            case "group" -> isEmail(name) ? new IamMember.Group(text, name) : new IamMember.Unknown(text);
            case "domain" ->
                name.matches("[\\p{Alnum}.-]+") ? new IamMember.Domain(text, name) : new IamMember.Unknown(text);
            default -> new IamMember.Unknown(text);
        };
    }

    private static boolean isEmail(String name) {
        return EMAIL.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** A service account stays one, whatever it is called. */
    private static IamMember user(String text, String name) {
        if (!isEmail(name)) {
            return new IamMember.Unknown(text);
        }
        return name.toLowerCase(Locale.ROOT).endsWith(OF_GOOGLE)
                ? serviceAccount(text, name)
                : new IamMember.User(text, name);
    }

    private static IamMember principal(String text, String member) {
        Matcher pool = WORKLOAD_POOL.matcher(member);
        if (pool.matches()) {
            return new IamMember.WorkloadPool(
                    text, pool.group(1), pool.group(2), pool.group(3).equals("*"));
        }
        Matcher workforce = WORKFORCE_POOL.matcher(member);
        if (workforce.matches()) {
            return new IamMember.WorkforcePool(text, workforce.group(1));
        }
        Matcher account = SERVICE_ACCOUNT.matcher(member);
        if (account.matches()) {
            return serviceAccount(text, account.group(1));
        }
        Matcher resources = RESOURCES.matcher(member);
        if (resources.matches()) {
            return new IamMember.ResourceSet(
                    text,
                    owner(resources.group(1), resources.group(2)),
                    Optional.ofNullable(resources.group(3)).orElse(""));
        }
        Matcher agent = AGENT_IDENTITY.matcher(member);
        if (agent.matches()) {
            return new IamMember.AgentIdentity(text, owner(agent.group(1), agent.group(2)));
        }
        Matcher directory = DIRECTORY.matcher(member);
        if (directory.matches()) {
            return switch (directory.group(1)) {
                case "subject" -> user(text, directory.group(2));
                case "group" -> new IamMember.Group(text, directory.group(2));
                default -> new IamMember.Domain(text, directory.group(2));
            };
        }
        return new IamMember.Unknown(text);
    }

    private static Owner owner(String kind, String number) {
        return switch (kind) {
            case "organizations", "org" -> new Owner.Organization(number);
            case "folders" -> new Owner.Folder(number);
            default -> new Owner.ProjectNumber(number);
        };
    }

    private static IamMember serviceAccount(String text, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        Matcher kubernetes = KUBERNETES.matcher(lower);
        if (kubernetes.matches()) {
            return new IamMember.KubernetesAccount(text, scoped(kubernetes.group(1)));
        }
        Matcher email = EMAIL.matcher(lower);
        if (!email.matches()) {
            return new IamMember.Unknown(text);
        }
        String account = email.group(1);
        String domain = email.group(2);
        return switch (domain) {
            case "appspot." + OF_GOOGLE -> new IamMember.AppEngineAccount(text, scoped(account));
            case "system." + OF_GOOGLE -> new IamMember.ServiceAgent(text, new Owner.Google(), true);
            case "developer." + OF_GOOGLE, "cloudbuild." + OF_GOOGLE, "cloudservices." + OF_GOOGLE ->
                numbered(text, account, domain);
            default ->
                domain.endsWith(".iam." + OF_GOOGLE)
                        ? inProject(
                                text,
                                lower,
                                account,
                                domain.substring(0, domain.length() - ".iam.".length() - OF_GOOGLE.length()))
                        : new IamMember.Unknown(text);
        };
    }

    private static IamMember numbered(String text, String account, String domain) {
        Matcher number = NUMBERED.matcher(account);
        if (!number.matches()) {
            return new IamMember.Unknown(text);
        }
        if (domain.startsWith("developer.")) {
            return new IamMember.DeveloperAccount(text, number.group(1));
        }
        if (!number.group(1).equals(account)) {
            return new IamMember.Unknown(text);
        }
        return domain.startsWith("cloudbuild.")
                ? new IamMember.CloudBuildAccount(text, account)
                : new IamMember.ApisAccount(text, account);
    }

    private static IamMember inProject(String text, String email, String account, String project) {
        if (!ServiceAgents.isHome(project)) {
            return new IamMember.ServiceAccount(text, email, scoped(project));
        }
        return new IamMember.ServiceAgent(
                text, ServiceAgents.owner(account).orElse(new Owner.Google()), ServiceAgents.isPublished(project));
    }

    /** {@code p.example.com} in an email is the project {@code example.com:p}. */
    private static String scoped(String project) {
        int dot = project.indexOf('.');
        return dot < 0 || project.contains(":")
                ? project
                : project.substring(dot + 1) + ":" + project.substring(0, dot);
    }
}
