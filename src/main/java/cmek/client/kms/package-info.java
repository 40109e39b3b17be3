/**
 * The client to Cloud KMS: key rings, crypto keys, their versions and their IAM policies.
 *
 * <p>In: names and wishes in our words. Out: facts in our words. It creates, relabels and grants; it has no way to
 * destroy, disable or delete anything, and none to write a policy on anything but a crypto key.
 */
@NullMarked
package cmek.client.kms;

import org.jspecify.annotations.NullMarked;
