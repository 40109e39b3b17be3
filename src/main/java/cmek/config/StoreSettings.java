package cmek.config;

import java.time.Duration;

/**
 * How the store keeps two writes apart.
 *
 * @param abandonedAfter how long a reservation holds that a function left behind
 */
public record StoreSettings(Duration abandonedAfter) {}
