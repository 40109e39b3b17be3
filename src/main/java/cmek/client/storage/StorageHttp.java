package cmek.client.storage;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The Cloud Storage JSON API, v1. */
@Path("/")
interface StorageHttp {

    @GET
    @Path("storage/v1/b/{bucket}/o/{name}")
    Response read(
            @HeaderParam("authorization") @Nullable String authorization,
            @HeaderParam("range") @Nullable String range,
            @PathParam("bucket") String bucket,
            @PathParam("name") String name,
            @QueryParam("alt") String alt,
            @QueryParam("ifGenerationMatch") @Nullable Long generation);

    @GET
    @Path("storage/v1/b/{bucket}/o")
    Response list(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("bucket") String bucket,
            @QueryParam("prefix") String prefix,
            @QueryParam("fields") String fields,
            @QueryParam("pageToken") @Nullable String pageToken);

    @POST
    @Path("upload/storage/v1/b/{bucket}/o")
    Response write(
            @HeaderParam("authorization") @Nullable String authorization,
            @HeaderParam("content-type") String contentType,
            @PathParam("bucket") String bucket,
            @QueryParam("uploadType") String uploadType,
            @QueryParam("name") String name,
            @QueryParam("ifGenerationMatch") @Nullable Long generation,
            byte[] content);

    /** The same with a body that is made while it is sent; with its length, what breaks off is no object. */
    @POST
    @Path("upload/storage/v1/b/{bucket}/o")
    Response write(
            @HeaderParam("authorization") @Nullable String authorization,
            @HeaderParam("content-type") String contentType,
            @HeaderParam("content-length") long contentLength,
            @PathParam("bucket") String bucket,
            @QueryParam("uploadType") String uploadType,
            @QueryParam("name") String name,
            @QueryParam("ifGenerationMatch") @Nullable Long generation,
            InputStream content);
}
