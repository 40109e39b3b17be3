package cmek.fake;

import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.CryptoKeySpec;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyPolicy;
import cmek.client.kms.KeyVersionInfo;
import cmek.client.kms.RetiredName;
import cmek.model.CryptoKeyName;
import cmek.model.KeyRingName;
import cmek.model.RoleBinding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Cloud KMS for someone who must not write: reads are noted and may fail, a write fails the test. */
public final class KmsOfReads implements KeyManagement {

    private final KeyManagement apis;
    private final List<String> reads = new ArrayList<>();
    private final Map<String, RuntimeException> failures = new HashMap<>();

    public KmsOfReads(KeyManagement apis) {
        this.apis = apis;
    }

    /** From now on a read ends like this. */
    public KmsOfReads failing(String operation, RuntimeException failure) {
        failures.put(operation, failure);
        return this;
    }

    /** Every read, in order. */
    public List<String> reads() {
        return List.copyOf(reads);
    }

    @Override
    public Optional<CryptoKeyInfo> cryptoKey(CryptoKeyName key) {
        note("GetCryptoKey");
        return apis.cryptoKey(key);
    }

    @Override
    public List<KeyVersionInfo> versions(CryptoKeyName key) {
        note("ListCryptoKeyVersions");
        return apis.versions(key);
    }

    @Override
    public RetiredName retiredName(CryptoKeyName key) {
        note("ListRetiredResources");
        return apis.retiredName(key);
    }

    @Override
    public KeyPolicy policy(CryptoKeyName key) {
        note("GetIamPolicy");
        return apis.policy(key);
    }

    @Override
    public Optional<List<RoleBinding>> bindings(KeyRingName ring) {
        note("GetKeyRingIamPolicy");
        return apis.bindings(ring);
    }

    @Override
    public Optional<Boolean> hsmAvailable(String project, String location) {
        note("GetLocation");
        return apis.hsmAvailable(project, location);
    }

    @Override
    public boolean keyRingExists(KeyRingName ring) {
        note("GetKeyRing");
        return apis.keyRingExists(ring);
    }

    @Override
    public Creation createKeyRing(KeyRingName ring) {
        throw new AssertionError("CreateKeyRing");
    }

    @Override
    public Creation createCryptoKey(CryptoKeyName key, CryptoKeySpec wish) {
        throw new AssertionError("CreateCryptoKey");
    }

    @Override
    public void replaceLabels(CryptoKeyName key, Map<String, String> labels) {
        throw new AssertionError("UpdateCryptoKey");
    }

    @Override
    public boolean writePolicy(CryptoKeyName key, KeyPolicy policy) {
        throw new AssertionError("SetIamPolicy");
    }

    @Override
    public Set<String> heldPermissions(CryptoKeyName key, Set<String> asked) {
        note("TestIamPermissions");
        return apis.heldPermissions(key, asked);
    }

    @Override
    public Set<String> heldPermissions(KeyRingName ring, Set<String> asked) {
        note("TestIamPermissions");
        return apis.heldPermissions(ring, asked);
    }

    private void note(String operation) {
        reads.add(operation);
        RuntimeException failure = failures.get(operation);
        if (failure != null) {
            throw failure;
        }
    }
}
