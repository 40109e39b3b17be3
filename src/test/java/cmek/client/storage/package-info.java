@NullMarked
package cmek.client.storage;

import org.jspecify.annotations.NullMarked;
