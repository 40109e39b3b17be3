/**
 * The whole service on one machine: the real functions in a process of their own, every outside API simulated, Pub/Sub
 * between them.
 *
 * <p>In: a request's file. Out: the published results on standard output, the steps as they happen on standard error, and
 * an exit status. Lives with the tests and never ships.
 *
 * <p>Also here: facts about the functions from outside ({@code *Facts}), each held twice, against the functions in the
 * tests' own process and against the packaged service in a process of its own, a jar or a native executable
 * ({@code *ServiceIT}). What no test shows of the executable, and why:
 *
 * <ul>
 *   <li>{@code RemedyByGcloudTest}: what of it is the executable's are the words of a remedy, and the matrix of faults
 *       reads those; that {@code gcloud} does what they say is the same for every host, and takes it minutes.
 *   <li>{@code InvokerIT}: Google's invoker loads a jar.
 *   <li>{@code DocumentsIT}: it runs the documents' commands, and those build and run the jar.
 *   <li>the tests of {@code cmek.client} and {@code GuideByGcloudTest}: they call a client of ours by its Java methods;
 *       an executable has no entry point to those but the functions, through which {@link cmek.sandbox.FaultMatrixFacts} and
 *       {@link cmek.sandbox.HostileAnswersFacts} reach each client and each kind of answer.
 *   <li>all others: they call classes, which are the same bytes in every artifact, and run once.
 * </ul>
 */
@NullMarked
package cmek.sandbox;

import org.jspecify.annotations.NullMarked;
