/**
 * The command for people: checks request files, publishes them, and follows each to its end.
 *
 * <p>In: arguments, request files, the newest results and the reports in the evidence bucket. Out: lines or JSON, and an
 * exit status. It only publishes messages and reads; the functions do the rest, under accounts of their own.
 */
@NullMarked
package cmek.cli;

import org.jspecify.annotations.NullMarked;
