/**
 * The client of Cloud KMS: key rings, crypto keys, their versions and their IAM policies.
 *
 * <p>In: names and specifications in our own types. Out: facts in our own types. It creates, labels and grants; it
 * cannot destroy, disable or delete anything, and cannot write a policy on anything except a crypto key.
 */
@NullMarked
package cmek.client.kms;

import org.jspecify.annotations.NullMarked;
