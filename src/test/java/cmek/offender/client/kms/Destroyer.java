package cmek.offender.client.kms;

import com.google.cloud.kms.v1.stub.KeyManagementServiceStub;

/** A client that destroys, and grants by the client that loses conditions. */
public final class Destroyer {

    public Object destroy(KeyManagementServiceStub stub) {
        return stub.destroyCryptoKeyVersionCallable();
    }

    public Object enable(KeyManagementServiceStub stub) {
        return stub.updateCryptoKeyVersionCallable();
    }

    /** Harmless, and nobody named it. */
    public Object decrypt(KeyManagementServiceStub stub) {
        return stub.decryptCallable();
    }

    public Object grant(KeyManagementServiceStub stub) {
        return stub.setIamPolicyCallable();
    }
}
