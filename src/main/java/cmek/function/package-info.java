/**
 * The entry points: one class per function, and what all of them share. The only package that knows Funqy, CloudEvents and
 * Pub/Sub's envelopes.
 *
 * <p>In: a CloudEvent from Eventarc, from a Pub/Sub push or made by a person. Out: results and the next step's event,
 * published; and the log, one JSON object a line. A function that returns has ended its message; one that throws wants it
 * delivered again. Every message comes in through {@link cmek.function.MessageHandler}.
 */
@NullMarked
package cmek.function;

import org.jspecify.annotations.NullMarked;
