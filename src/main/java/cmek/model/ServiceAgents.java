package cmek.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The projects of Google's in which Google's service agents live, and whose agent an account there is. An account with the
 * name of an agent can be made in anybody's project, so the project decides, and a project that is not on the published list
 * is not taken for Google's without saying so.
 *
 * @see <a href="https://cloud.google.com/iam/docs/service-agents">Service agents</a>
 */
final class ServiceAgents {

    /** Project ids with this beginning are Google's own; which of them exist changes without notice. */
    private static final String OF_GOOGLE = "gcp-sa-";

    /** Projects in the domain of Google itself. */
    private static final String IN_GOOGLES_DOMAIN = ".google.com";

    /** After {@code gcp-sa-}. */
    private static final Set<String> PUBLISHED = words("""
            accessapproval adsdatahub aiplatform aiplatform-cc aiplatform-ft aiplatform-re aiplatform-vm alloydb anthos
            anthosaudit anthosconfigmanagement anthosidentityservice anthossupport apigateway apigateway-mgmt apigee
            apigeeregistry apihub appdevexperience apphub artifactregistry assuredworkloads automl backupdr backupdr-run
            beyondcorp bigquery-condel bigquerydatatransfer bigqueryri bigqueryspark bigtable binaryauthorization bms
            ccaip certificatemanager chronicle cloud-cw cloud-ekg cloud-ids cloud-ip cloud-sql cloud-trace cloudaicompanion
            cloudasset cloudbatch cloudbuild clouddeploy cloudiot cloudkms cloudoptim cloudscheduler cloudtasks
            compute-usage config connectors contactcenterinsights containerscanning dataconnectors dataform datafusion
            datalabeling datamigration datapipelines dataplex datastream datastudio dep devconnect dialogflow
            discoveryengine edgecontainer edgecontainercluster ekms endpoints eventarc firebase firebaseappcheck
            firebaseapphosting firebasedatabase firebasedataconnect firebasemods firebasestorage firestore
            firewallinsights gameservices gkebackup gkehub gkemulticloud gkenode gkeonprem gsuiteaddons healthcare iap
            identitytoolkit integrations krmapihosting krmapihosting-dataplane ktd-control lifesciences livestream
            log-cloudbuild logging looker lustre managedkafka mcmetering mcsd memorystore meshconfig meshcontrolplane
            meshdataplane metastore mi migcenter monitoring monitoring-notification multiclusteringress netapp
            networkactions networkconnectivity networkmanagement networksecurity notebooks ondemandscanning osconfig
            parallelstore pam playbooks privateca prod-bigqueryomni prod-dai-core progrollout pubsub pubsublite rbe
            recommendationengine retail riskmanager rma runapps saasmanagement scc-notification scc-vmtd secretmanager
            servicedirectory servicemesh slz spanner spectrumsas speech stream tpu transcoder transferappliance
            translation v1-remediator vertex-agent vertex-bp vertex-es vertex-eval vertex-ex vertex-ex-cc vertex-mm
            vertex-nb vertex-op vertex-rag vertex-tune visionai vmmigration vmwareengine vpcaccess websecurityscanner
            workflows workloadcert workloadmanager workstations""");

    /** The others, each a project of Google's. */
    private static final Set<String> PUBLISHED_OTHERS = words("""
            bigquery-encryption cloud-filer cloud-memcache-sa cloud-ml.google.com cloud-redis cloud-tpu
            cloudbuild.gserviceaccount.com cloudcomposer-accounts compute-system container-analysis
            container-engine-robot containerregistry dataflow-service-producer-prod dataproc-accounts dlp-api
            endpoints-portal firebase-rules gae-api-prod gae-api-prod.google.com gcf-admin-robot gcp-gae-service
            genomics-api.google.com gs-project-accounts remotebuildexecution security-center-api serverless-robot-prod
            service-consumer-management service-networking sourcerepo-service-accounts storage-transfer-service""");

    private static final Pattern OF_ORGANIZATION =
            Pattern.compile("(?:service-org-|service-o|organizations-|cmek-o)([0-9]+)|o([0-9]+)-[0-9a-z]+");
    private static final Pattern OF_FOLDER =
            Pattern.compile("(?:service-folder-|service-f|folders-|cmek-f)([0-9]+)|f([0-9]+)-[0-9a-z]+");
    private static final Pattern OF_PROJECT =
            Pattern.compile("(?:service-|service-p|project-|projects-|cmek-p|bq-)?([0-9]+)"
                    + "|(?:bqcx-|connection-|p)([0-9]+)-[0-9a-z]+");

    private ServiceAgents() {}

    private static Set<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+")).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a project is one of Google's, as far as its id tells. */
    static boolean isHome(String project) {
        return project.startsWith(OF_GOOGLE)
                || project.endsWith(IN_GOOGLES_DOMAIN)
                || PUBLISHED_OTHERS.contains(project);
    }

    /** Whether Google's list of service agents has the project. */
    static boolean isPublished(String project) {
        return project.startsWith(OF_GOOGLE)
                ? PUBLISHED.contains(project.substring(OF_GOOGLE.length()))
                : PUBLISHED_OTHERS.contains(project);
    }

    /** Whose agent an account is, by its name; empty where the name has no number of a customer's. */
    static Optional<IamMember.Owner> owner(String account) {
        return number(OF_ORGANIZATION, account)
                .<IamMember.Owner>map(IamMember.Owner.Organization::new)
                .or(() -> number(OF_FOLDER, account).map(IamMember.Owner.Folder::new))
                .or(() -> number(OF_PROJECT, account).map(IamMember.Owner.ProjectNumber::new));
    }

    private static Optional<String> number(Pattern pattern, String account) {
        Matcher matcher = pattern.matcher(account);
        return matcher.matches()
                ? Optional.ofNullable(matcher.group(1)).or(() -> Optional.ofNullable(matcher.group(2)))
                : Optional.empty();
    }
}
