package cmek.config;

import java.time.Duration;

/**
 * How the store keeps two writes from overlapping.
 *
 * @param abandonedAfter how long the lock of a function that died is kept
 */
public record StoreSettings(Duration abandonedAfter) {}
