package cmek.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Sample;
import cmek.finding.Actor;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleErrorTest {

    private static final String RESOURCE = Sample.KEY.toString();

    // --- refusals ------------------------------------------------------------------------------------------------

    @Test
    void aDisabledApiIsNamed() {
        Finding finding =
                refused(403, info("PERMISSION_DENIED", "SERVICE_DISABLED", "'service':'cloudkms.googleapis.com'"));

        assertThat(finding.reason()).isEqualTo(Reason.KMS_API_DISABLED);
        assertThat(finding.remedy())
                .containsExactly("gcloud services enable cloudkms.googleapis.com --project=acme-kms-prod");
    }

    @Test
    void anotherDisabledApiIsNamedAndNotTakenForCloudKms() {
        Finding finding =
                refused(403, info("PERMISSION_DENIED", "SERVICE_DISABLED", "'service':'orgpolicy.googleapis.com'"));

        assertThat(finding.reason()).isEqualTo(Reason.PERMISSION_DENIED);
        assertThat(finding.message())
                .isEqualTo("the API orgpolicy.googleapis.com, which CreateCryptoKey needs, is not enabled"
                        + " (Google's word: SERVICE_DISABLED)");
        assertThat(finding.remedy()).first().isEqualTo("gcloud services enable orgpolicy.googleapis.com");
    }

    @Test
    void aDisabledApiWithoutANameIsNotTakenForCloudKms() {
        assertThat(refused(403, info("PERMISSION_DENIED", "SERVICE_DISABLED", ""))
                        .reason())
                .isEqualTo(Reason.GOOGLE_REFUSED);
    }

    @Test
    void missingBillingIsNamed() {
        assertThat(refused(403, info("PERMISSION_DENIED", "BILLING_DISABLED", ""))
                        .reason())
                .isEqualTo(Reason.BILLING_DISABLED);
    }

    @Test
    void aPerimeterIsNamedWithItsDenial() {
        Finding finding = refused(
                403,
                info(
                        "PERMISSION_DENIED",
                        "SECURITY_POLICY_VIOLATED",
                        "'vpcServiceControlsUniqueIdentifier':'mC_Ab12','uid':'other'"));

        assertThat(finding.reason()).isEqualTo(Reason.SERVICE_PERIMETER);
        assertThat(finding.message()).contains("(denial mC_Ab12)");
    }

    @Test
    void aPerimeterWithoutADenialIsStillOne() {
        assertThat(refused(403, info("PERMISSION_DENIED", "SECURITY_POLICY_VIOLATED", ""))
                        .reason())
                .isEqualTo(Reason.SERVICE_PERIMETER);
    }

    @Test
    void aMissingPermissionIsNamed() {
        Finding finding = refused(
                403,
                info(
                        "PERMISSION_DENIED",
                        "IAM_PERMISSION_DENIED",
                        "'permission':'cloudkms.cryptoKeys.setIamPolicy','resource':'projects/acme-kms-prod'"));

        assertThat(finding.reason()).isEqualTo(Reason.PERMISSION_DENIED);
        assertThat(finding.message())
                .isEqualTo("the function's service account lacks permission cloudkms.cryptoKeys.setIamPolicy on"
                        + " projects/acme-kms-prod (Google's word: IAM_PERMISSION_DENIED)");
    }

    @Test
    void aDenialWithoutDetailsIsAMissingPermissionWithGooglesText() {
        Finding finding = refused(403, plain(403, "PERMISSION_DENIED", "The caller does not have permission"));

        assertThat(finding.reason()).isEqualTo(Reason.PERMISSION_DENIED);
        assertThat(finding.message())
                .isEqualTo("the function's service account lacks a permission on " + RESOURCE
                        + "; Google says: The caller does not have permission");
    }

    @ParameterizedTest
    @CsvSource({
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT, lacks the OAuth scope cloud-platform",
        "USER_PROJECT_DENIED, may not count calls against the project it names",
        "CONSUMER_INVALID, does not exist or is inactive",
        "CONSUMER_SUSPENDED, is suspended"
    })
    void aWordOfGooglesIsShownWithWhatItMeans(String word, String meaning) {
        Finding finding = refused(403, info("PERMISSION_DENIED", word, ""));

        assertThat(finding.reason()).isEqualTo(Reason.GOOGLE_REFUSED);
        assertThat(finding.message())
                .startsWith("Google Cloud refused CreateCryptoKey on " + RESOURCE + ": 403 PERMISSION_DENIED " + word
                        + ", which means that ")
                .contains(meaning)
                .endsWith("; Google says: a sentence");
        assertThat(finding.actor()).isEqualTo(Actor.OPERATOR);
        assertThat(finding.remedy()).noneMatch(line -> line.contains("your message"));
    }

    @Test
    void aWordThatIsNotKnownIsShownAsItIs() {
        Finding finding = refused(403, info("PERMISSION_DENIED", "SOMETHING_OF_TOMORROW", ""));

        assertThat(finding.reason()).isEqualTo(Reason.GOOGLE_REFUSED);
        assertThat(finding.message())
                .contains(": 403 PERMISSION_DENIED SOMETHING_OF_TOMORROW; Google says: a sentence");
    }

    @Test
    void aPreconditionOfAnotherKindIsShownByItsWord() {
        assertThat(refused(400, violation("TERMS_OF_SERVICE")).message())
                .contains("400 FAILED_PRECONDITION TERMS_OF_SERVICE");
    }

    @ParameterizedTest
    @CsvSource({
        "RESOURCE_USAGE_RESTRICTION_VIOLATED, gcp.restrictServiceUsage",
        "LOCATION_ORG_POLICY_VIOLATED, gcp.resourceLocations",
        "TLS_ORG_POLICY_VIOLATED, gcp.restrictTLSVersion"
    })
    void aWordThatStandsForAnOrganizationPolicyNamesIt(String word, String constraint) {
        for (String operation : new String[] {"CreateCryptoKey", "SetIamPolicy"}) {
            Finding finding = refused(operation, 403, info("PERMISSION_DENIED", word, ""));

            assertThat(finding.reason()).isEqualTo(Reason.ORGANIZATION_POLICY);
            assertThat(finding.message())
                    .isEqualTo("the organization policy " + constraint + " refused " + operation + " on " + RESOURCE
                            + " (Google's word: " + word + ")");
            assertThat(finding.actor()).isEqualTo(Actor.ORGANIZATION_ADMIN);
        }
    }

    @Test
    void aPerimeterIsReadFromAPreconditionAlone() {
        Finding finding = refused(403, """
                {'error':{'code':403,'message':'a sentence','status':'PERMISSION_DENIED','details':[
                  {'@type':'type.googleapis.com/google.rpc.PreconditionFailure','violations':[
                    {'type':'VPC_SERVICE_CONTROLS','description':'hEmZq3fDVk2zJbJH0hW1'}]}]}}
                """.replace('\'', '"'));

        assertThat(finding.reason()).isEqualTo(Reason.SERVICE_PERIMETER);
        assertThat(finding.message()).contains("(denial hEmZq3fDVk2zJbJH0hW1)");
    }

    @Test
    void anApiThatIsDisabledInAnotherProjectIsEnabledThere() {
        Finding finding = refused(
                403,
                info(
                        "PERMISSION_DENIED",
                        "SERVICE_DISABLED",
                        "'service':'cloudkms.googleapis.com','consumer':'projects/acme-cmek'"));

        assertThat(finding.reason()).isEqualTo(Reason.KMS_API_DISABLED);
        assertThat(finding.message()).contains("not enabled in project acme-cmek");
        assertThat(finding.remedy())
                .containsExactly("gcloud services enable cloudkms.googleapis.com --project=acme-cmek");
        assertThat(finding.actor()).isEqualTo(Actor.OPERATOR);
    }

    @Test
    void anApiThatIsDisabledInAProjectByItsNumberMayBeTheKeysOwn() {
        Finding finding = refused(
                403,
                info(
                        "PERMISSION_DENIED",
                        "SERVICE_DISABLED",
                        "'service':'cloudkms.googleapis.com','consumer':'projects/415104041262'"));

        assertThat(finding.message()).contains("project 415104041262", "may be the key's project acme-kms-prod");
        assertThat(finding.remedy())
                .containsExactly("gcloud services enable cloudkms.googleapis.com --project=415104041262");
    }

    @Test
    void billingThatIsMissingInAnotherProjectIsLinkedThere() {
        assertThat(refused(403, info("PERMISSION_DENIED", "BILLING_DISABLED", "'consumer':'projects/acme-cmek'"))
                        .remedy())
                .containsExactly("gcloud billing projects link acme-cmek --billing-account=BILLING_ACCOUNT_ID");
    }

    /** Some organizations' refusals come without any detail; what our call adds is known all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"FAILED_PRECONDITION", "INVALID_ARGUMENT"})
    void aGrantThatIsRefusedWithoutDetailsIsDomainRestrictedSharingWithGooglesText(String status) {
        Finding finding = refused(
                "SetIamPolicy",
                400,
                plain(400, status, "One or more users named in the policy do not belong to a permitted customer."));

        assertThat(finding.reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
        assertThat(finding.message())
                .contains(AnthropicPrincipal.MEMBER, "400 " + status)
                .endsWith("Google says: One or more users named in the policy do not belong to a permitted customer.");
        assertThat(finding.remedy())
                .first()
                .isEqualTo("gcloud org-policies describe iam.allowedPolicyMemberDomains --effective"
                        + " --project=acme-kms-prod");
    }

    @Test
    void domainRestrictedSharingIsReadFromTheViolation() {
        Finding finding = refused("SetIamPolicy", 400, violation("constraints/iam.allowedPolicyMemberDomains"));

        assertThat(finding.reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
        assertThat(finding.message()).contains(AnthropicPrincipal.MEMBER);
        assertThat(finding.remedy())
                .first()
                .isEqualTo("gcloud org-policies describe iam.allowedPolicyMemberDomains --effective"
                        + " --project=acme-kms-prod");
    }

    @ParameterizedTest
    @ValueSource(strings = {"constraint", "constraintName"})
    void domainRestrictedSharingIsReadFromTheMetadata(String field) {
        String body = info(
                "FAILED_PRECONDITION",
                "ORG_POLICY_VIOLATED",
                "'" + field + "':'constraints/iam.managed.allowedPolicyMembers'");

        assertThat(refused("SetIamPolicy", 400, body).reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "constraints/iam.managed.allowedPolicyMembers",
                "iam.managed.allowedPolicyMembers",
                "customConstraints/custom.membersOfAcmeOnly, customConstraints/custom.other",
                "[organizations/42/customConstraints/custom.membersOfAcmeOnly]"
            })
    void managedAndCustomConstraintsOnAGrantAreDomainRestrictedSharing(String constraints) {
        Finding finding = refused(
                "SetIamPolicy",
                400,
                info(
                        "FAILED_PRECONDITION",
                        "CUSTOM_ORG_POLICY_VIOLATION",
                        "'customConstraints':'" + constraints + "'"));

        assertThat(finding.reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
        assertThat(finding.message())
                .containsPattern(
                        "organization policy (iam.managed.allowedPolicyMembers|custom.membersOfAcmeOnly) does not allow")
                .contains(AnthropicPrincipal.MEMBER, RESOURCE);
    }

    @Test
    void aCustomConstraintOnKeysSaysNothingOfMembers() {
        Finding finding = refused(
                400,
                info(
                        "FAILED_PRECONDITION",
                        "CUSTOM_ORG_POLICY_VIOLATION",
                        "'customConstraints':'customConstraints/custom.quarterlyRotation'"));

        assertThat(finding.reason()).isEqualTo(Reason.ORGANIZATION_POLICY);
        assertThat(finding.message())
                .isEqualTo("the organization policy custom.quarterlyRotation refused CreateCryptoKey on " + RESOURCE
                        + " (Google's word: CUSTOM_ORG_POLICY_VIOLATION)");
        assertThat(finding.remedy())
                .first()
                .isEqualTo("gcloud org-policies describe custom.quarterlyRotation --effective"
                        + " --project=acme-kms-prod");
    }

    @Test
    void constraintsOfAnotherReasonMeanNothing() {
        assertThat(refused(
                                "SetIamPolicy",
                                400,
                                info("FAILED_PRECONDITION", "OTHER", "'customConstraints':'constraints/iam.x'"))
                        .reason())
                .isEqualTo(Reason.GOOGLE_REFUSED);
    }

    @Test
    void aSentenceMeansNothing() {
        String body = "{\"error\":{\"code\":400,\"message\":\"SERVICE_DISABLED BILLING_DISABLED"
                + " constraints/iam.allowedPolicyMemberDomains\",\"status\":\"FAILED_PRECONDITION\"}}";

        Finding finding = refused(400, body);

        assertThat(finding.reason()).isEqualTo(Reason.GOOGLE_REFUSED);
        assertThat(finding.message())
                .startsWith("Google Cloud refused CreateCryptoKey on " + RESOURCE
                        + ": 400 FAILED_PRECONDITION; Google says: ");
    }

    @Test
    void aReasonWithoutAWordOfItsOwnIsPassedOn() {
        assertThat(refused(400, info("INVALID_ARGUMENT", "SOMETHING_NEW", "")).message())
                .contains(": 400 INVALID_ARGUMENT SOMETHING_NEW");
    }

    // --- once more -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504, 529})
    void whatMayPassIsTriedAgain(int code) {
        assertThat(unavailable(code, "").reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @Test
    void aConflictIsTriedAgain() {
        assertThat(unavailable(409, "{\"error\":{\"code\":409,\"status\":\"ABORTED\"}}")
                        .reason())
                .isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @Test
    void anExhaustedQuotaIsTriedAgainAsTheOtherSideWishes() {
        TransientException unavailable = unavailable(429, info("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", ""));

        assertThat(unavailable.reason()).isEqualTo(Reason.QUOTA_EXHAUSTED);
        assertThat(unavailable.retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void anOverloadThatNamesADisabledApiIsAnOverload() {
        assertThat(unavailable(503, info("UNAVAILABLE", "SERVICE_DISABLED", "")).reason())
                .isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @Test
    void aTooManyRequestsThatIsNotGooglesIsNotAQuota() {
        assertThat(unavailable(429, "<html>slow down</html>").reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        assertThat(unavailable(429, plain(429, "RESOURCE_EXHAUSTED", "")).reason())
                .isEqualTo(Reason.QUOTA_EXHAUSTED);
        assertThat(unavailable(403, info("PERMISSION_DENIED", "RATE_LIMIT_EXCEEDED", ""))
                        .reason())
                .isEqualTo(Reason.QUOTA_EXHAUSTED);
    }

    @Test
    void anAccessTokenThatIsRefusedIsTriedAgain() {
        TransientException unavailable = unavailable(401, info("UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED", ""));

        assertThat(unavailable.reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        assertThat(unavailable).hasMessage("CreateCryptoKey answered 401 UNAUTHENTICATED ACCESS_TOKEN_EXPIRED");
        assertThat(unavailable.isWithoutEffect()).isTrue();
    }

    // --- bodies of any shape -------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "7",
                "\"text\"",
                "{}",
                "{\"error\":null}",
                "{\"error\":\"invalid_grant\"}",
                "{\"error\":[]}",
                "{\"error\":{\"status\":{},\"details\":\"none\"}}",
                "{\"error\":{\"details\":{\"@type\":7}}}",
                "{\"error\":{\"details\":[null,7,\"text\",[],{},{\"@type\":null}]}}",
                "{\"error\":{\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":{},"
                        + "\"metadata\":[]}]}}",
                "{\"error\":{\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.PreconditionFailure\","
                        + "\"violations\":{\"type\":7}}]}}",
                "{\"error\":{\"code\":403,\"status\":\"PERMISSION_",
                "<!DOCTYPE html><html><title>Error 404 (Not Found)!!1</title></html>"
            })
    void whatIsNotGooglesFormIsNoAnswerOfTheApi(String body) {
        for (int code : new int[] {400, 401, 403, 404, 409, 429, 503}) {
            assertThat(unavailable(code, body).reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
            assertThat(error(code, body).isNotFound()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":400}}",
                "{\"error\":{\"code\":403,\"errors\":[{\"reason\":\"forbidden\"}]}}",
                "{\"error\":{\"status\":\"X\",\"details\":\"none\"}}",
                "{\"error\":{\"code\":1,\"details\":{\"@type\":7}}}",
                "{\"error\":{\"code\":1,\"details\":[null,7,\"text\",[],{},{\"@type\":null}]}}",
                "{\"error\":{\"code\":1,\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":{},"
                        + "\"metadata\":[]}]}}",
                "{\"error\":{\"code\":1,\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.PreconditionFailure\","
                        + "\"violations\":{\"type\":7}}]}}"
            })
    void googlesFormIsReadWhateverIsInIt(String body) {
        assertThat(refused(400, body).reason()).isEqualTo(Reason.GOOGLE_REFUSED);
        assertThat(refused(403, body).reason()).isEqualTo(Reason.PERMISSION_DENIED);
        assertThat(unavailable(503, body).reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @Test
    void tenMegabytesAreNotRead() {
        String large = "{\"error\":{\"status\":\"ABORTED\",\"message\":\"" + "a".repeat(10 * 1024 * 1024) + "\"}}";

        assertThat(error(409, large).status()).isEmpty();
    }

    @Test
    void deepNestingIsNotRead() {
        assertThat(unavailable(400, "{\"error\":" + "[".repeat(100_000)).reason())
                .isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @Test
    void terminalEscapesAreNotPassedOn() {
        String escape = "\\u001b[2J\\u0007\\u202e\\n";
        String body = "{\"error\":{\"status\":\"" + escape + "\",\"details\":[{\"@type\":"
                + "\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"" + escape + "\",\"metadata\":{"
                + "\"permission\":\"" + escape + "\",\"resource\":\"" + escape + "\"}}]}}";

        assertThat(shown(refused(400, body))).doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
        assertThat(shown(refused(403, body))).doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
        assertThat(unavailable(503, body).getMessage()).doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
        assertThat(shown(refused("SetIamPolicy", 400, violation("constraints/iam." + escape))))
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
        assertThat(shown(refused(
                        403,
                        info(
                                "X",
                                "SECURITY_POLICY_VIOLATED",
                                "'vpcServiceControlsUniqueIdentifier':'" + escape + "'"))))
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
    }

    @ParameterizedTest
    @CsvSource({"404,true", "403,false", "400,false"})
    void onlyA404IsNotFound(int code, boolean notFound) {
        assertThat(error(code, "{\"error\":{\"status\":\"NOT_FOUND\"}}").isNotFound())
                .isEqualTo(notFound);
    }

    // -------------------------------------------------------------------------------------------------------------

    private static String shown(Finding finding) {
        return finding.message() + String.join("", finding.remedy());
    }

    private static Finding refused(int code, String body) {
        return refused("CreateCryptoKey", code, body);
    }

    private static Finding refused(String operation, int code, String body) {
        RuntimeException exception = error(code, body).toException(operation, RESOURCE);
        if (exception instanceof PermanentException refused) {
            return refused.finding();
        }
        throw new AssertionError("not refused", exception);
    }

    private static TransientException unavailable(int code, String body) {
        RuntimeException exception = error(code, body).toException("CreateCryptoKey", RESOURCE);
        if (exception instanceof TransientException unavailable) {
            return unavailable;
        }
        throw new AssertionError("not unavailable", exception);
    }

    private static GoogleError error(int code, String body) {
        return GoogleError.of(code, body, Optional.of(Duration.ofSeconds(7)), Optional.empty());
    }

    private static String info(String status, String reason, String metadata) {
        return """
            {'error':{'code':400,'message':'a sentence','status':'%s','details':[
              {'@type':'type.googleapis.com/google.rpc.Help','links':[]},
              {'@type':'type.googleapis.com/google.rpc.ErrorInfo','reason':'%s','domain':'googleapis.com',
               'metadata':{%s}}]}}
            """.formatted(status, reason, metadata).replace('\'', '"');
    }

    /** Without any details. */
    private static String plain(int code, String status, String text) {
        return "{\"error\":{\"code\":" + code + ",\"status\":\"" + status + "\",\"message\":\"" + text + "\"}}";
    }

    private static String violation(String type) {
        return """
            {'error':{'code':400,'message':'a sentence','status':'FAILED_PRECONDITION','details':[
              {'@type':'type.googleapis.com/google.rpc.PreconditionFailure','violations':[
                {'type':'%s','subject':'orgpolicy:projects/1','description':'a sentence'}]}]}}
            """.formatted(type).replace('\'', '"');
    }
}
