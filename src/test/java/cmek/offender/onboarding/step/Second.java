package cmek.offender.onboarding.step;

/** A step that sleeps. */
public final class Second {

    public String second() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "second";
    }
}
