/**
 * The clients, one package per outside API. In and out: the types of {@code cmek.model} and the client's own, or one of
 * two exceptions: {@link cmek.finding.PermanentException} (a person must act) and {@link
 * cmek.finding.TransientException} (the same event again later). Google's and Anthropic's own types never leave their
 * package, and no client knows another.
 */
@NullMarked
package cmek.client;

import org.jspecify.annotations.NullMarked;
