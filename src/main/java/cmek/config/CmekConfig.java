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
     * How many calls one process makes to each outside API at a time. Others wait for up to five seconds and are then
     * rejected; their message will be delivered again.
     */
    @WithDefault("20")
    int concurrency();

    /**
     * What a scan does about an attached key that has lost its label or a binding of Anthropic: {@code observe} reports
     * it, {@code repair} restores it as well. Nothing else is ever restored. With {@code repair} the account of {@code
     * scanKey} needs {@code cloudkms.cryptoKeys.update} and {@code .setIamPolicy}.
     */
    @WithDefault("observe")
    RepairMode repair();

    /**
     * How long ago a loss must have been seen first before a scan restores it: for this long somebody who took access away
     * on purpose can say so, and nothing is restored meanwhile.
     */
    @WithDefault("PT20H")
    Duration repairAfter();

    /**
     * Where the repository's documents can be read, an absolute {@code https://} URL. With it, {@code documentation} in
     * every result is a URL.
     */
    Optional<URI> documentationUrl();

    /** Anthropic's side. */
    interface Anthropic {

        /** The organization's bare UUID in lower case. Required. */
        Optional<String> organizationId();

        /** The Admin API; an {@code http://} URL is for simulators. */
        @WithDefault("https://api.anthropic.com")
        URI baseUrl();

        /** An Admin API key. Required by the functions that call Anthropic, unless there is a file or a federation. */
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

        /** Anthropic's service account that the rule is for, {@code svac_…}; not a Google service account. */
        Optional<String> serviceAccountId();
    }

    /** Google's side; an {@code http://} URL means a simulator, to which no credentials are sent. */
    interface Google {

        /** The project of the topics. Required; the default is {@code GOOGLE_CLOUD_PROJECT}. */
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

        /** IAM, for deny policies and custom roles. */
        @WithDefault("https://iam.googleapis.com")
        URI iamUrl();

        @WithDefault("https://storage.googleapis.com")
        URI storageUrl();

        /** The metadata server, which gives the function its identity. It only supports {@code http://}. */
        @WithDefault("http://metadata.google.internal")
        URI metadataUrl();

        /**
         * The service accounts that the onboarding functions run as (of {@code createKey}, {@code grantAccess} and,
         * where it repairs, {@code scanKey}). A change of a label or binding by one of them is part of an onboarding
         * and does not cause a check of the key; any other change by them still does. No check reports them for being
         * permitted to change who holds what on a key.
         */
        Optional<List<String>> ownServiceAccounts();

        /** Pub/Sub; {@code PUBSUB_EMULATOR_HOST}, where set, takes precedence. */
        @WithDefault("https://pubsub.googleapis.com")
        URI pubsubUrl();
    }

    /** Where the functions run. */
    interface Host {

        /** The one function that this process serves, as {@code QUARKUS_FUNQY_EXPORT} says; empty serves all. */
        Optional<String> serves();
    }

    /** What others may request. */
    interface Policies {

        /** Projects whose keys may be onboarded, {@code *} allowed inside a name. Empty allows none. */
        Optional<List<String>> allowedProjects();

        /**
         * Workspaces to which a key may be attached: {@code WORKSPACE}, or {@code PROJECT=WORKSPACE} for keys of that
         * project, {@code *} allowed inside both. An attachment cannot be undone, so there is no default: where this is not
         * set, every workspace is allowed only if {@link #attachApproval} is required, and else none.
         */
        Optional<List<String>> allowedWorkspaces();

        /** Locations a key may live in. */
        @WithDefault("us-central1,us-east1,us-east4,us-east5,us-south1,us-west1,us-west2,us-west3,us-west4")
        List<String> allowedLocations();

        /** Protection levels a key may have. */
        @WithDefault("HSM")
        Set<ProtectionLevel> protectionLevels();

        /**
         * Whether Data Access audit logs that are off cause a warning or a refusal: {@code warn} or {@code require}.
         */
        @WithDefault("warn")
        Policy.AuditLogs auditLogs();

        /**
         * Whether the chain stops before it attaches, until someone else publishes an approval: {@code none} or
         * {@code required}, which needs the evidence bucket.
         */
        @WithDefault("none")
        Policy.AttachApproval attachApproval();

        /**
         * Anthropic's customer id at Google, {@code C0…} or {@code is:C0…}, where Anthropic's support has told it: with it
         * {@code iam.allowedPolicyMemberDomains} is checked before anything is written. Not published, so not set by default.
         */
        Optional<String> anthropicCustomerId();
    }

    /** How long things may take. */
    interface Timing {

        /**
         * How long a write at Anthropic that one function began is reserved for that function, which may have died,
         * before another one does it. Longer than two attempts may take (five minutes each, as deployed) and
         * Anthropic's lists may lag (a minute).
         */
        @WithDefault("PT12M")
        Duration abandonedAfter();

        /** How long a validation may fail after an IAM or label change before that counts as a failure. */
        @WithDefault("PT10M")
        Duration propagationWindow();

        /** How old a request may become before it fails as expired. */
        @WithDefault("PT24H")
        Duration maxAge();
    }

    /** The topics to which messages are published. */
    interface Topics {

        /** What every topic's name begins with. */
        @WithDefault("cmek-")
        String prefix();
    }

    /** Where the scan keeps what it found. */
    interface Evidence {

        /** A Cloud Storage bucket. Required by the functions of the scan, and where approval is required. */
        Optional<String> bucket();

        /**
         * The bucket for the reports of finished scans, where they are kept apart. Nothing in it is ever replaced, so its
         * retention may be locked. The default is {@link #bucket}.
         */
        Optional<String> reportsBucket();
    }

    /** How every key is checked by the nightly scan. */
    interface Scan {

        /** How many keys one instance of {@code scanKey} checks at a time; at most {@code cmek.concurrency}. */
        @WithDefault("10")
        int concurrency();

        /** How long after its start a scan is reported on, whatever was checked by then. */
        @WithDefault("PT1H")
        Duration deadline();

        /** For how long the changes of keys share one reading of Anthropic's lists, in one process. */
        @WithDefault("PT1M")
        Duration listingInterval();

        /**
         * How many reads of Cloud KMS one instance of {@code scanKey} makes in a minute at most; unlimited where this
         * is not set. Several instances share a project's quota: divide it by their number.
         */
        OptionalInt kmsReadsPerMinute();
    }
}
