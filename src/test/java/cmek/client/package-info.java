/**
 * The clients on the wire: the real clients against one server that answers what a test tells it to. Quarkus starts
 * once for all of them.
 */
@NullMarked
package cmek.client;

import org.jspecify.annotations.NullMarked;
