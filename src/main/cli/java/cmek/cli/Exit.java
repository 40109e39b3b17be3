package cmek.cli;

/** The exit statuses, which scripts and pipelines go by. */
final class Exit {

    /** All is well. */
    static final int WELL = 0;

    /** Something was refused, failed or is wrong. */
    static final int REFUSED = 1;

    static final int USAGE = 2;

    /** An approval is awaited. */
    static final int AWAITING = 3;

    /** Not everything was heard in time; it goes on all the same. */
    static final int NOT_HEARD = 4;

    /** A plan found something to do. */
    static final int TO_DO = 5;

    private Exit() {}
}
