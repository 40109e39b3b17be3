package cmek.sandbox;

@InAnotherProcess(GrantAccessAlone.class)
class OneFunctionServiceIT extends OneFunctionFacts {}
