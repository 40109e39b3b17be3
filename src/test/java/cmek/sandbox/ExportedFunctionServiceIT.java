package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class ExportedFunctionServiceIT extends ExportedFunctionFacts {}
