/**
 * The clients, one room per outside API. In: the words of {@link cmek.onboarding}. Out: the same words, or one of two
 * exceptions: {@link cmek.finding.PermanentException} (a person must act) and
 * {@link cmek.finding.TransientException} (the same event again later). Google's and Anthropic's own types never
 * leave their room, and no client knows another.
 */
@NullMarked
package cmek.client;

import org.jspecify.annotations.NullMarked;
