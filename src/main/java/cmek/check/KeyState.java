package cmek.check;

import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyPolicy;
import cmek.finding.Finding;

/** What is there of a key before an onboarding begins. */
public sealed interface KeyState {

    /** There is no such key; perhaps not even its ring. */
    record Absent(boolean ringExists) implements KeyState {}

    record Present(CryptoKeyInfo key, KeyPolicy policy) implements KeyState {}

    /** This account may not look; the one that makes keys may be another. */
    record Inaccessible(Finding why) implements KeyState {}
}
