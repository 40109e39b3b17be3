package cmek.client.kms;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleError;
import cmek.client.http.GoogleRest;
import cmek.client.http.HttpAnswer;
import cmek.client.http.Paging;
import cmek.client.http.RestClients;
import cmek.client.http.Retry;
import cmek.client.http.RoleBindings;
import cmek.config.CmekConfig;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.KeyRingName;
import cmek.model.RoleBinding;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.kms.v1.CreateCryptoKeyRequest;
import com.google.cloud.kms.v1.CreateKeyRingRequest;
import com.google.cloud.kms.v1.CryptoKey;
import com.google.cloud.kms.v1.CryptoKeyVersion;
import com.google.cloud.kms.v1.CryptoKeyVersion.CryptoKeyVersionAlgorithm;
import com.google.cloud.kms.v1.CryptoKeyVersionTemplate;
import com.google.cloud.kms.v1.GetCryptoKeyRequest;
import com.google.cloud.kms.v1.GetKeyRingRequest;
import com.google.cloud.kms.v1.KeyRing;
import com.google.cloud.kms.v1.ListCryptoKeyVersionsRequest;
import com.google.cloud.kms.v1.ListCryptoKeyVersionsResponse;
import com.google.cloud.kms.v1.ListRetiredResourcesRequest;
import com.google.cloud.kms.v1.ListRetiredResourcesResponse;
import com.google.cloud.kms.v1.LocationMetadata;
import com.google.cloud.kms.v1.ProtectionLevel;
import com.google.cloud.kms.v1.RetiredResource;
import com.google.cloud.kms.v1.UpdateCryptoKeyRequest;
import com.google.cloud.kms.v1.stub.KeyManagementServiceStub;
import com.google.cloud.location.GetLocationRequest;
import com.google.cloud.location.Location;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Cloud KMS over HTTP/JSON: Google's client for all but the IAM calls. */
@Singleton
final class CloudKms implements KeyManagement {

    private static final int POLICY_VERSION = 3;

    /** Of a thousand records each. */
    private static final int RETIRED_PAGES_AT_MOST = 20;

    private final KmsStub stub;
    private final IamHttp iam;
    private final GoogleAuth credential;
    private final Retry retry;
    private final GoogleRest rest;
    private final URI url;

    @Inject
    CloudKms(KmsStub stub, RestClients clients, GoogleAuth credential, Retry retry, CmekConfig config) {
        this(stub, clients.client(IamHttp.class, config.google().kmsUrl()), credential, retry, config);
    }

    CloudKms(KmsStub stub, IamHttp iam, GoogleAuth credential, Retry retry, CmekConfig config) {
        this.stub = stub;
        this.iam = iam;
        this.credential = credential;
        this.retry = retry;
        this.url = config.google().kmsUrl();
        this.rest = new GoogleRest("Cloud KMS", config.concurrency(), () -> credential.renew(url));
    }

    @Override
    public Optional<Boolean> hsmAvailable(String project, String location) {
        String name = "projects/" + project + "/locations/" + location;
        return read(
                        "GetLocation",
                        name,
                        KeyManagementServiceStub::getLocationCallable,
                        GetLocationRequest.newBuilder().setName(name).build())
                .map(CloudKms::hsmAvailable);
    }

    @Override
    public boolean keyRingExists(KeyRingName ring) {
        return read(
                        "GetKeyRing",
                        ring.toString(),
                        KeyManagementServiceStub::getKeyRingCallable,
                        GetKeyRingRequest.newBuilder().setName(ring.toString()).build())
                .map(found -> named("GetKeyRing", found.getName()))
                .isPresent();
    }

    @Override
    public Creation createKeyRing(KeyRingName ring) {
        return create(
                "CreateKeyRing",
                ring.toString(),
                KeyManagementServiceStub::createKeyRingCallable,
                KeyRing::getName,
                CreateKeyRingRequest.newBuilder()
                        .setParent(ring.parent())
                        .setKeyRingId(ring.keyRing())
                        .setKeyRing(KeyRing.getDefaultInstance())
                        .build());
    }

    @Override
    public Optional<CryptoKeyInfo> cryptoKey(CryptoKeyName key) {
        return read(
                        "GetCryptoKey",
                        key.toString(),
                        KeyManagementServiceStub::getCryptoKeyCallable,
                        GetCryptoKeyRequest.newBuilder().setName(key.toString()).build())
                .filter(found -> named("GetCryptoKey", found.getName()))
                .map(found -> facts(key, found));
    }

    @Override
    public List<KeyVersionInfo> versions(CryptoKeyName key) {
        List<KeyVersionInfo> versions = new ArrayList<>();
        Paging pages = new Paging("ListCryptoKeyVersions");
        String page = "";
        int size;
        do {
            ListCryptoKeyVersionsRequest request = ListCryptoKeyVersionsRequest.newBuilder()
                    .setParent(key.toString())
                    .setPageSize(1000)
                    .setPageToken(page)
                    .build();
            ListCryptoKeyVersionsResponse answer = read(
                            "ListCryptoKeyVersions",
                            key.toString(),
                            KeyManagementServiceStub::listCryptoKeyVersionsCallable,
                            request)
                    .orElse(ListCryptoKeyVersionsResponse.getDefaultInstance());
            for (CryptoKeyVersion version : answer.getCryptoKeyVersionsList()) {
                KeyVersionInfo facts = facts(version);
                if (pages.isNew(facts.number())) {
                    versions.add(facts);
                }
            }
            page = answer.getNextPageToken();
            size = answer.getCryptoKeyVersionsCount();
        } while (pages.goesOn(page, size));
        versions.sort(Comparator.comparingLong(KeyVersionInfo::number));
        return versions;
    }

    @Override
    public RetiredName retiredName(CryptoKeyName key) {
        String location = "projects/" + key.project() + "/locations/" + key.location();
        // The project may stand there by its number, and the list is one project's own.
        String named = key.toString().substring(key.toString().indexOf("/locations/"));
        Set<String> seen = new HashSet<>();
        String page = "";
        try {
            do {
                ListRetiredResourcesRequest request = ListRetiredResourcesRequest.newBuilder()
                        .setParent(location)
                        .setPageSize(1000)
                        .setPageToken(page)
                        .build();
                Optional<ListRetiredResourcesResponse> answer = read(
                        "ListRetiredResources",
                        location,
                        KeyManagementServiceStub::listRetiredResourcesCallable,
                        request);
                if (answer.isEmpty()) {
                    return new RetiredName.Unknown("ListRetiredResources on " + location + " answered 404");
                }
                for (RetiredResource retired : answer.get().getRetiredResourcesList()) {
                    if (retired.getOriginalResource().endsWith(named)) {
                        return new RetiredName.Retired(
                                retired.hasDeleteTime()
                                        ? Optional.of(instant(retired.getDeleteTime()))
                                        : Optional.empty());
                    }
                }
                page = answer.get().getNextPageToken();
                if (!page.isEmpty() && (!seen.add(page) || seen.size() >= RETIRED_PAGES_AT_MOST)) {
                    return new RetiredName.Unknown("ListRetiredResources on " + location + " does not end");
                }
            } while (!page.isEmpty());
            return new RetiredName.NotRetired();
        } catch (PermanentException | TransientException e) {
            return new RetiredName.Unknown(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Creation createCryptoKey(CryptoKeyName key, CryptoKeySpec spec) {
        CryptoKey.Builder body = CryptoKey.newBuilder()
                .setPurpose(CryptoKey.CryptoKeyPurpose.ENCRYPT_DECRYPT)
                .setVersionTemplate(CryptoKeyVersionTemplate.newBuilder()
                        .setProtectionLevel(
                                ProtectionLevel.valueOf(spec.protectionLevel().name()))
                        .setAlgorithm(CryptoKeyVersionAlgorithm.GOOGLE_SYMMETRIC_ENCRYPTION))
                .putAllLabels(spec.labels());
        spec.rotation()
                .ifPresent(rotation -> body.setRotationPeriod(seconds(rotation.period()))
                        .setNextRotationTime(Timestamp.newBuilder()
                                .setSeconds(rotation.next().getEpochSecond())));
        spec.destroyScheduledDuration().ifPresent(duration -> body.setDestroyScheduledDuration(seconds(duration)));
        return create(
                "CreateCryptoKey",
                key.toString(),
                KeyManagementServiceStub::createCryptoKeyCallable,
                CryptoKey::getName,
                CreateCryptoKeyRequest.newBuilder()
                        .setParent(key.ring().toString())
                        .setCryptoKeyId(key.name())
                        .setCryptoKey(body)
                        .build());
    }

    @Override
    public void replaceLabels(CryptoKeyName key, Map<String, String> labels) {
        UpdateCryptoKeyRequest request = UpdateCryptoKeyRequest.newBuilder()
                .setCryptoKey(CryptoKey.newBuilder().setName(key.toString()).putAllLabels(labels))
                .setUpdateMask(FieldMask.newBuilder().addPaths("labels"))
                .build();
        // The same map twice is the same map: this write may be repeated.
        retry.repeatable(() -> {
            try {
                return call("UpdateCryptoKey", KeyManagementServiceStub::updateCryptoKeyCallable, request);
            } catch (GoogleRest.Failed e) {
                throw e.error().toException("UpdateCryptoKey", key.toString());
            }
        });
    }

    @Override
    public KeyPolicy policy(CryptoKeyName key) {
        HttpAnswer answer = retry.repeatable(() ->
                iam("GetIamPolicy", key, () -> iam.getIamPolicy(authorization(), key.toString(), POLICY_VERSION)));
        return policy(answer);
    }

    @Override
    public Optional<List<RoleBinding>> bindings(KeyRingName ring) {
        String operation = "GetKeyRingIamPolicy";
        return retry.repeatable(() -> {
            try {
                HttpAnswer answer = rest.answer(
                        operation, () -> iam.getKeyRingIamPolicy(authorization(), ring.toString(), POLICY_VERSION));
                return Optional.of(answer.json().map(RoleBindings::of).orElseThrow(() -> unreadable(operation)));
            } catch (GoogleRest.Failed e) {
                if (e.error().isNotFound()) {
                    return Optional.empty();
                }
                throw e.error().toException(operation, ring.toString());
            }
        });
    }

    @Override
    public boolean writePolicy(CryptoKeyName key, KeyPolicy policy) {
        if (!policy.hasEtag()) {
            throw new TransientException(
                    Reason.GOOGLE_UNAVAILABLE,
                    "Cloud KMS returned no etag; a write without one could overwrite other changes",
                    null);
        }
        JsonNode wire = policy.toWire();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("policy", wire);
        try {
            // Not repeated here: after a lost answer the etag is stale, and only a new read tells what happened.
            rest.answer("SetIamPolicy", () -> iam.setIamPolicy(authorization(), key.toString(), body.toString()));
            return true;
        } catch (GoogleRest.Failed e) {
            GoogleError error = e.error();
            if (error.isOfApi() && error.code() == 409) {
                return false;
            }
            throw error.toException("SetIamPolicy", key.toString());
        }
    }

    @Override
    public Set<String> heldPermissions(CryptoKeyName key, Set<String> asked) {
        return heldPermissions(key.toString(), asked);
    }

    @Override
    public Set<String> heldPermissions(KeyRingName ring, Set<String> asked) {
        return heldPermissions(ring.toString(), asked);
    }

    private Set<String> heldPermissions(String resource, Set<String> asked) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode permissions = body.putArray("permissions");
        new TreeSet<>(asked).forEach(permissions::add);
        String operation = "TestIamPermissions";
        return retry.repeatable(() -> {
            try {
                HttpAnswer answer = rest.answer(
                        operation, () -> iam.testIamPermissions(authorization(), resource, body.toString()));
                Set<String> held = new HashSet<>();
                answer.json().ifPresent(json -> json.path("permissions").forEach(name -> held.add(name.asText())));
                return held;
            } catch (GoogleRest.Failed e) {
                if (e.error().isNotFound()) {
                    return Set.of();
                }
                throw e.error().toException(operation, resource);
            }
        });
    }

    // --- calls ---------------------------------------------------------------------------------------------------

    private <Q, A> Optional<A> read(
            String operation,
            String resource,
            Function<KeyManagementServiceStub, UnaryCallable<Q, A>> method,
            Q request) {
        return retry.repeatable(() -> {
            try {
                return Optional.of(call(operation, method, request));
            } catch (GoogleRest.Failed e) {
                if (e.error().isNotFound()) {
                    return Optional.empty();
                }
                throw e.error().toException(operation, resource);
            }
        });
    }

    /** A create may be repeated, because the answer to a repetition is unambiguous: the resource exists already. */
    private <Q, A> Creation create(
            String operation,
            String resource,
            Function<KeyManagementServiceStub, UnaryCallable<Q, A>> method,
            Function<A, String> name,
            Q request) {
        return retry.repeatable(() -> {
            try {
                named(operation, name.apply(call(operation, method, request)));
                return Creation.CREATED;
            } catch (GoogleRest.Failed e) {
                if (e.error().status().equals("ALREADY_EXISTS")) {
                    return Creation.ALREADY_EXISTS;
                }
                throw e.error().toException(operation, resource);
            }
        });
    }

    private <Q, A> A call(String operation, Function<KeyManagementServiceStub, UnaryCallable<Q, A>> method, Q request)
            throws GoogleRest.Failed {
        return rest.call(operation, () -> method.apply(stub.get()).call(request));
    }

    private HttpAnswer iam(String operation, CryptoKeyName key, Supplier<jakarta.ws.rs.core.Response> call) {
        try {
            return rest.answer(operation, call);
        } catch (GoogleRest.Failed e) {
            throw e.error().toException(operation, key.toString());
        }
    }

    private @org.jspecify.annotations.Nullable String authorization() {
        return credential.headerFor(url).orElse(null);
    }

    // --- what is on the wire -------------------------------------------------------------------------------------

    private static KeyPolicy policy(HttpAnswer answer) {
        return answer.json()
                .map(json -> new KeyPolicy((ObjectNode) json))
                .orElseThrow(() -> unreadable("GetIamPolicy"));
    }

    /** An object without a name is not a usable answer, and must not be mistaken for an empty one. */
    private static boolean named(String operation, String name) {
        if (name.isEmpty()) {
            throw unreadable(operation);
        }
        return true;
    }

    private static TransientException unreadable(String operation) {
        return new TransientException(
                Reason.GOOGLE_UNAVAILABLE, operation + " was answered with something that cannot be read", null);
    }

    private static boolean hsmAvailable(Location location) {
        named("GetLocation", location.getName());
        try {
            return location.getMetadata().is(LocationMetadata.class)
                    && location.getMetadata().unpack(LocationMetadata.class).getHsmAvailable();
        } catch (InvalidProtocolBufferException e) {
            throw unreadable("GetLocation");
        }
    }

    private static CryptoKeyInfo facts(CryptoKeyName name, CryptoKey key) {
        return new CryptoKeyInfo(
                name,
                key.getPurpose().name(),
                key.getVersionTemplate().getAlgorithm().name(),
                key.getVersionTemplate().getProtectionLevel().name(),
                key.getLabelsMap(),
                key.hasPrimary() ? Optional.of(facts(key.getPrimary())) : Optional.empty(),
                key.hasRotationPeriod() ? Optional.of(duration(key.getRotationPeriod())) : Optional.empty(),
                key.hasDestroyScheduledDuration()
                        ? Optional.of(duration(key.getDestroyScheduledDuration()))
                        : Optional.empty(),
                key.hasNextRotationTime() ? Optional.of(instant(key.getNextRotationTime())) : Optional.empty(),
                key.getImportOnly(),
                key.hasKeyAccessJustificationsPolicy()
                        ? Optional.of(key.getKeyAccessJustificationsPolicy().getAllowedAccessReasonsList().stream()
                                .map(Enum::name)
                                .collect(Collectors.toSet()))
                        : Optional.empty());
    }

    private static KeyVersionInfo facts(CryptoKeyVersion version) {
        return new KeyVersionInfo(
                number(version.getName()),
                version.getState().name(),
                version.getProtectionLevel().name(),
                version.getAlgorithm().name(),
                version.hasDestroyTime() ? Optional.of(instant(version.getDestroyTime())) : Optional.empty(),
                version.hasCreateTime() ? Optional.of(instant(version.getCreateTime())) : Optional.empty(),
                version.hasDestroyEventTime() ? Optional.of(instant(version.getDestroyEventTime())) : Optional.empty(),
                version.hasImportTime() ? Optional.of(instant(version.getImportTime())) : Optional.empty(),
                version.getReimportEligible());
    }

    private static Instant instant(Timestamp wire) {
        return Instant.ofEpochSecond(wire.getSeconds(), wire.getNanos());
    }

    private static long number(String name) {
        try {
            return Long.parseLong(name.substring(name.lastIndexOf('/') + 1));
        } catch (NumberFormatException e) {
            throw unreadable("ListCryptoKeyVersions");
        }
    }

    private static java.time.Duration duration(Duration wire) {
        return java.time.Duration.ofSeconds(wire.getSeconds());
    }

    private static Duration seconds(java.time.Duration duration) {
        return Duration.newBuilder().setSeconds(duration.toSeconds()).build();
    }
}
