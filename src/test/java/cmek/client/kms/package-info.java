/** Tests of the client to Cloud KMS. */
@NullMarked
package cmek.client.kms;

import org.jspecify.annotations.NullMarked;
