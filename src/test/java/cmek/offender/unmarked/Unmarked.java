package cmek.offender.unmarked;

/** A class of a package that does not say what may be null. */
public final class Unmarked {}
