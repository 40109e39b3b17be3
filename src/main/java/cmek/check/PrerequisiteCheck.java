package cmek.check;

/** Asked of a request before anything is written. */
public interface PrerequisiteCheck extends Check {}
