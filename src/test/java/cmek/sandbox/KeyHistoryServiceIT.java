package cmek.sandbox;

import java.time.Duration;

@InAnotherProcess(InTheSandbox.class)
class KeyHistoryServiceIT extends KeyHistoryFacts {

    @Override
    Duration lateGrant() {
        return Duration.ofSeconds(6);
    }
}
