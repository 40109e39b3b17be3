package cmek.config;

import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.model.RepairMode;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Every setting of the service. The name in the environment follows from the property:
 * {@code cmek.anthropic.organization-id} is {@code CMEK_ANTHROPIC_ORGANIZATION_ID}.
 *
 * <p>What is required and missing is named, all of it at once, by {@link StartUp}.
 */
@ConfigMapping(prefix = "cmek")
public interface CmekConfig {

    Anthropic anthropic();

    Google google();

    Host host();

    Policies policy();

    Timing timing();

    Topics topics();

    Evidence evidence();

    Scan scan();

    /**
     * How many calls of one process are under way to each outside API at the most. Others wait for up to five seconds and
     * are then put off, their message to be delivered again.
     */
    @WithDefault("20")
    int concurrency();

    /**
     * What an inspection does about a label or a binding of Anthropic's that was lost from an attached key:
     * {@code observe} reports it, {@code repair} restores it as well. Nothing else is ever restored. With {@code repair}
     * the account of {@code scanKey} needs {@code cloudkms.cryptoKeys.update} and {@code .setIamPolicy}.
     */
    @WithDefault("observe")
    RepairMode repair();

    /** Anthropic's side. */
    interface Anthropic {

        /** The organization's bare UUID in lower case. Required. */
        Optional<String> organizationId();

        /** The Admin API; an {@code http://} URL is for simulators. */
        @WithDefault("https://api.anthropic.com")
        URI baseUrl();

        /** An Admin API key. Required by the functions that speak to Anthropic, unless there is a file or a federation. */
        Optional<String> adminKey();

        /** A file with an Admin API key; read again after a 401, so that a key rotates without a deployment. */
        Optional<Path> adminKeyFile();

        /** Without any key: the function's own Google identity is exchanged for a short-lived token. */
        Federation federation();
    }

    /**
     * Workload identity federation with Anthropic: both ids, or neither.
     *
     * @see <a href="https://platform.claude.com/docs/en/manage-claude/wif-reference">WIF reference</a>
     */
    interface Federation {

        /** The rule that admits the function's service account, {@code fdrl_…}, as Anthropic's Console shows it. */
        Optional<String> ruleId();

        /** Anthropic's service account that the rule is for, {@code svac_…}; no account of Google's. */
        Optional<String> serviceAccountId();
    }

    /** Google's side; an {@code http://} URL means a simulator, to which no credentials are sent. */
    interface Google {

        /** The project the topics live in. Required; {@code GOOGLE_CLOUD_PROJECT} is taken where it is set. */
        @WithDefault("${GOOGLE_CLOUD_PROJECT:}")
        Optional<String> project();

        @WithDefault("https://cloudkms.googleapis.com")
        URI kmsUrl();

        @WithDefault("https://serviceusage.googleapis.com")
        URI serviceUsageUrl();

        @WithDefault("https://cloudresourcemanager.googleapis.com")
        URI resourceManagerUrl();

        @WithDefault("https://orgpolicy.googleapis.com")
        URI orgPolicyUrl();

        @WithDefault("https://storage.googleapis.com")
        URI storageUrl();

        /** The metadata server, which says who we are. It has no other scheme than {@code http://}. */
        @WithDefault("http://metadata.google.internal")
        URI metadataUrl();

        /**
         * The service accounts that the onboarding functions run as (of {@code createKey}, {@code grantAccess} and, where it
         * repairs, {@code scanKey}). A label or binding that they write is an onboarding at work and no reason to look at
         * the key; whatever else they do to a key still is.
         */
        Optional<List<String>> ownServiceAccounts();

        /** Pub/Sub; {@code PUBSUB_EMULATOR_HOST}, where set, wins. */
        @WithDefault("https://pubsub.googleapis.com")
        URI pubsubUrl();
    }

    /** Where the functions run. */
    interface Host {

        /** The one function that this process serves, as {@code QUARKUS_FUNQY_EXPORT} says; empty serves all. */
        Optional<String> serves();
    }

    /** What others may ask for. */
    interface Policies {

        /** Projects whose keys may be onboarded, {@code *} allowed inside a name. Empty allows none. */
        Optional<List<String>> allowedProjects();

        /** Workspaces that may be attached to, {@code *} allowed inside an id. */
        @WithDefault("*")
        List<String> allowedWorkspaces();

        /** Locations a key may live in. */
        @WithDefault("us-central1,us-east1,us-east4,us-east5,us-south1,us-west1,us-west2,us-west3,us-west4")
        List<String> allowedLocations();

        /** Protection levels a key may have. */
        @WithDefault("HSM")
        Set<ProtectionLevel> protectionLevels();

        /** Whether Data Access audit logs that are off are warned of or refused: {@code warn} or {@code require}. */
        @WithDefault("warn")
        Policy.AuditLogs auditLogs();

        /**
         * Whether the chain stops before it attaches, until somebody else publishes an approval: {@code none} or
         * {@code required}, which needs the evidence bucket.
         */
        @WithDefault("none")
        Policy.AttachApproval attachApproval();
    }

    /** How long things may take. */
    interface Timing {

        /**
         * How long a write at Anthropic that a function had begun is left to that function, which may have died, before
         * another does it. Longer than two attempts may take (five minutes each, as deployed) and Anthropic's lists may
         * lag (a minute).
         */
        @WithDefault("PT12M")
        Duration abandonedAfter();

        /** How long a validation may fail after an IAM or label change before that means something. */
        @WithDefault("PT10M")
        Duration propagationWindow();

        /** How old a request may grow before it is given up. */
        @WithDefault("PT24H")
        Duration maxAge();
    }

    /** Where messages go. */
    interface Topics {

        /** What every topic's name begins with. */
        @WithDefault("cmek-")
        String prefix();
    }

    /** Where the scan keeps what it found. */
    interface Evidence {

        /** A Cloud Storage bucket. Required by the scan's functions, and by no other. */
        Optional<String> bucket();
    }

    /** How every key is checked, every night. */
    interface Scan {

        /** How many keys one instance of {@code scanKey} checks at a time; at most {@code cmek.concurrency}. */
        @WithDefault("10")
        int concurrency();

        /** How long after its beginning a scan is reported on, whatever was seen by then. */
        @WithDefault("PT1H")
        Duration deadline();

        /**
         * How many reads of Cloud KMS one instance of {@code scanKey} makes in a minute at the most; as many as it can
         * where this is not set. Several instances share a project's quota: divide it by their number.
         */
        OptionalInt kmsReadsPerMinute();
    }
}
