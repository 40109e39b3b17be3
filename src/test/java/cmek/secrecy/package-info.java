/**
 * Looks for the credentials of the tests in everything that the tests and the sandbox leave behind: what was logged,
 * published, printed or reported by a service that had them must not bear them.
 */
@NullMarked
package cmek.secrecy;

import org.jspecify.annotations.NullMarked;
