/**
 * The outside APIs, simulated: what each keeps in memory, and how it answers over HTTP.
 *
 * <p>In: an HTTP {@link cmek.simulator.Call}. Out: a {@link cmek.simulator.Reply}. A simulator is a plain object with
 * one verb, {@link cmek.simulator.Simulator#answer}; {@link cmek.simulator.SimulatorServer} puts it on a loopback
 * socket. Nothing here knows the product's classes, so a misunderstanding of ours cannot be on both sides of a test.
 * Lives with the tests and never ships.
 */
@NullMarked
package cmek.simulator;

import org.jspecify.annotations.NullMarked;
