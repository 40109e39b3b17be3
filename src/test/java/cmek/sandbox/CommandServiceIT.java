package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class CommandServiceIT extends CommandFacts {}
