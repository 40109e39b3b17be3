package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class EditionServiceIT extends EditionFacts {}
